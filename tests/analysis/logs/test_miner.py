import time

from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.logs import LogNovelty, TemplateMiner

SECOND = 1_000_000_000
NAMES = ("alice", "bob", "carol", "dan", "erin", "frank", "grace")


def test_values_become_wild_and_the_id_stays():
    miner = TemplateMiner()
    first = miner.add("logged in: alice from desktop")
    seen = [miner.add(f"logged in: {name} from desktop") for name in (*NAMES, "x-17")]
    assert first.new
    assert {miner.merged_into(template.id) for template in seen} == {first.id}
    assert miner.text_of(first.id) == "logged in: <*> from desktop"
    assert miner.text_of(seen[0].id) == "logged in: <*> from desktop"


def test_a_merge_says_what_made_it():
    miner = TemplateMiner()
    kept = miner.add("peer gateway left the group")
    assert miner.add("peer 10.0.0.1 left the group").id == kept.id
    (merge,) = miner.merges()
    assert merge.into == kept.id
    assert "gateway" in merge.values
    assert merge.template == "peer <*> left the group"
    assert merge.reason == "stands where a value stands"


def test_a_second_word_that_differs_is_another_event():
    miner = TemplateMiner()
    assert miner.add("Failed password for bob").id != miner.add("Failed none for bob").id


def test_many_words_after_one_that_announces_a_name_are_values():
    miner = TemplateMiner()
    seen = [miner.add(f"user {name} logged in from desktop") for name in NAMES]
    assert [template.new for template in seen] == [True] * 2 + [False] * 5
    assert {miner.merged_into(template.id) for template in seen} == {seen[0].id}
    assert miner.text_of(seen[0].id) == "user <*> logged in from desktop"


def test_lists_of_any_length_are_one_value():
    miner = TemplateMiner()
    ids = {miner.add("ask node to drop " + "blk_17 " * n).id for n in (1, 7, 3, 40)}
    assert {miner.text_of(id_) for id_ in ids} == {"ask node to drop <*>"}


def test_units_are_words_unless_they_differ():
    miner = TemplateMiner()
    assert miner.add("took 12 ms").text == "took <*> ms"
    first = miner.add("block 3 stored with size 17 KB, free 4 MB")
    miner.add("block 4 stored with size 912 B, free 3 MB")
    assert miner.text_of(first.id) == "block <*> stored with size <*>, free <*>"


def test_what_was_learned_late_joins_what_came_before():
    miner = TemplateMiner()
    opened = [miner.add(f"session opened for user {name} by uid 0").id for name in NAMES[:3]]
    for name in NAMES:
        miner.add(f"closed for user {name} now and here")
    miner.settle()
    assert {miner.text_of(id_) for id_ in opened} == {"session opened for user <*> by uid <*>"}


def test_ids_do_not_depend_on_the_process_or_on_other_lines():
    one, two = TemplateMiner(), TemplateMiner()
    two.add("something else happened entirely")
    assert one.add("disk 7 is full").id == two.add("disk 9 is full").id


def test_different_events_stay_apart():
    miner = TemplateMiner()
    assert miner.add("connection opened").id != miner.add("payment declined").id


def words(n, *factors):
    return ["".join("abcdefghij"[int(digit)] for digit in str(n * factor)) for factor in factors]


def test_memory_is_bounded():
    miner = TemplateMiner(max_templates=100)
    for i in range(2000):
        first, second, third = words(i, 7, 11, 13)
        miner.add(f"{first} {second} {third}")
        assert len(miner) <= 101


def test_free_text_costs_no_more_the_longer_it_comes():
    miner, began, seconds = TemplateMiner(max_templates=500), 0.0, []
    for n in range(6000):
        if n % 2000 == 0:
            began = time.process_time()
        miner.add(" ".join(["user did", *words(n, 7, 11, 13, 17)]))
        if n % 2000 == 1999:
            seconds.append(time.process_time() - began)
    assert seconds[2] < 3 * seconds[0] + 0.5


def test_a_forgotten_template_comes_back_as_new():
    miner = TemplateMiner(max_templates=10)
    first = miner.add("alpha happened")
    for word in "bcdefghijklmnop":
        miner.add(f"{word * 3} {word * 5} {word * 7} {word * 2}")
    again = miner.add("alpha happened")
    assert (again.id, again.new) == (first.id, True)


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_text_gets_a_template(lines):
    miner = TemplateMiner()
    for line in lines:
        template = miner.add(line)
        assert miner.text_of(template.id) == template.text


def watch(novelty, template, counts, severity=9, entity="e"):
    for second, n in enumerate(counts):
        for _ in range(n):
            novelty.observe(entity, template, f"text {template}", severity, second * SECOND, "line")


def test_steady_templates_are_not_novel_and_risen_ones_are():
    novelty = LogNovelty()
    watch(novelty, "steady", [2] * 120)
    watch(novelty, "risen", [1] * 90 + [12] * 30)
    found = novelty.novel(90 * SECOND, 120 * SECOND)
    assert [(t.template, t.new) for t in found] == [("risen", False)]
    assert found[0].onset_ns == 90 * SECOND


def test_grave_new_templates_come_first():
    novelty = LogNovelty()
    watch(novelty, "steady", [2] * 120)
    watch(novelty, "info", [0] * 95 + [1] * 25)
    watch(novelty, "error", [0] * 95 + [1] * 25, severity=17)
    assert [t.template for t in novelty.novel(90 * SECOND, 120 * SECOND)] == ["error", "info"]


def test_everything_is_new_to_a_newcomer_so_nothing_is():
    novelty = LogNovelty()
    watch(novelty, "a", [2] * 10)
    assert novelty.novel(5 * SECOND, 10 * SECOND) == []


def test_counts_are_forgotten_but_the_template_is_known():
    novelty = LogNovelty(keep_s=60)
    watch(novelty, "a", [1] * 10 + [0] * 300)
    novelty.forget(310 * SECOND)
    novelty.observe("e", "a", "text a", 9, 311 * SECOND, "line")
    assert not any(t.new for t in novelty.novel(300 * SECOND, 320 * SECOND))


def test_novelty_is_bounded_in_entities_and_takes_new_ones_when_others_are_silent():
    novelty = LogNovelty(max_entities=10)
    for n in range(1000):
        watch(novelty, "t", [1], entity=f"e{n}")
    assert sum(novelty.knows(f"e{n}") for n in range(1000)) == 10
    novelty.forget(3700 * SECOND)
    novelty.observe("late", "t", "text", 9, 3700 * SECOND, "line")
    assert novelty.knows("late")
    assert not novelty.knows("e0")


def test_messages_within_json_are_events():
    miner = TemplateMiner()
    texts = ("cart emptied", "card declined by the bank", "out of stock today", "order 17 placed")
    for text in texts * 3:
        miner.add(f'{{"severity":"info","message":"{text}","pid":17}}')
    miner.settle()
    assert len(miner) == len(texts)
