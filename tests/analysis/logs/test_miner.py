from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.logs import LogNovelty, TemplateMiner

SECOND = 1_000_000_000


def test_variable_words_become_wild_and_the_id_stays():
    miner = TemplateMiner()
    first = miner.add("logged in: alice from desktop")
    second = miner.add("logged in: bob from desktop")
    assert first.new
    assert not second.new
    assert first.id == second.id
    assert miner.text_of(first.id) == "logged in: <*> from desktop"


def test_a_second_word_that_differs_is_another_event():
    miner = TemplateMiner()
    assert miner.add("Failed password for root").id != miner.add("Failed none for root").id


def test_a_second_word_of_many_values_becomes_wild_and_mints_no_more_templates():
    miner = TemplateMiner(values=4)
    names = ("alice", "bob", "carol", "dan", "erin", "frank", "grace")
    seen = [miner.add(f"user {name} logged in from desktop") for name in names]
    assert [template.new for template in seen] == [True] * 4 + [False] * 3
    assert {template.id for template in seen[4:]} == {seen[0].id}
    assert miner.text_of(seen[0].id) == "user <*> logged in from desktop"
    again = miner.add("user dan logged in from desktop")
    assert (again.id, again.new) == (seen[3].id, False)


def test_ids_do_not_depend_on_the_process_or_on_other_lines():
    one, two = TemplateMiner(), TemplateMiner()
    two.add("something else happened entirely")
    assert one.add("disk 7 is full").id == two.add("disk 9 is full").id


def test_different_events_stay_apart():
    miner = TemplateMiner()
    assert miner.add("connection opened").id != miner.add("payment declined").id


def test_memory_is_bounded():
    miner = TemplateMiner(max_templates=100)
    for i in range(2000):
        word = "".join(chr(97 + (i // 26**k) % 26) for k in range(3))
        miner.add(f"{word} {word}x {word}y")
    assert len(miner) <= 101


def test_free_text_costs_no_more_the_longer_it_comes():
    letters = "abcdefghij"
    miner = TemplateMiner()
    for n in range(3000):
        words = ["".join(letters[int(d)] for d in str(n * k)) for k in (7, 11, 13, 17)]
        miner.add(" ".join(["user did", *words]))
    assert len(miner) <= 128


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
