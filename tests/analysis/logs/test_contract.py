"""What every stream of lines may ask of the miner, however odd it is."""

import os
import string
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsweave.analysis.logs import Labeller, TemplateMiner

PARTS = (
    *("a.", "1a.", "'a", '"', "1/a", "a1 ", "a+", "a-", "1,", "1.", "-1", "a-1", "a_", "_1", "::"),
    *(
        "1:",
        "a:",
        "//",
        "\\a",
        "0x",
        "@a",
        "a@",
        "<>",
        "(a",
        "[1",
        '{"a":1,',
        "k=v ",
        "A1b2",
        "/a/",
    ),
    *("a.b:", "\x01", "1e", "deadbeef", "ab:", "é", "\u2028", "<*>", "aA1", "0.0.0.0/", "T00:00"),
)
WORDS = st.sampled_from(("open", "close", "user", "bob", "17", "10.0.0.1", "k=v", "(a, b)", "'x'"))
LINE = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@pytest.mark.parametrize("part", PARTS)
def test_no_text_makes_a_line_slow(part):
    began = time.process_time()
    miner = TemplateMiner()
    for size in (100, 399, 4000, 1_000_000):
        miner.add((part * size)[:size])
    assert time.process_time() - began < 1.0


@given(st.lists(LINE, max_size=60))
@settings(max_examples=60, deadline=None)
def test_an_id_once_given_always_leads_to_a_template_that_fits(lines):
    miner = TemplateMiner()
    ids = [miner.add(line).id for line in lines]
    miner.settle()
    for line, id_ in zip(lines, ids, strict=True):
        now = miner.add(line)
        assert miner.merged_into(id_) == now.id
        assert miner.text_of(id_) == now.text
        assert not now.new


@given(st.lists(LINE, max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_every_line_is_counted_once(lines, random):
    random.shuffle(lines)
    labeller = Labeller()
    labeller.learn(lines)
    assert sum(one.lines for one in labeller.templates()) == len(lines) == labeller.lines
    labels = list(labeller.label(lines))
    assert [label.line for label in labels] == list(range(1, len(lines) + 1))
    assert len({label.template for label in labels}) == len({label.template_id for label in labels})


_PROGRAM = """
from opsweave.analysis.logs import Labeller
names = [a + b for a in "bcdfghjklm" for b in ("ob", "ann", "im", "17")]
lines = [f"{v} of {n} by {m} [{n}, {m}] took {i} ms" for i, n in enumerate(names)
         for v in ("copy", "move") for m in names[i % 7 : i % 7 + 3]]
labeller = Labeller()
labeller.learn(lines)
print([(label.template_id, label.template) for label in labeller.label(lines)])
print(labeller.merges())
"""


def test_the_answer_does_not_depend_on_the_seed_of_hashes():
    answers = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1


def test_distinct_words_without_end_take_no_more_memory_or_time():
    miner = TemplateMiner(max_templates=200)
    letters = string.ascii_lowercase
    words = ("".join(letters[(n // 26**k) % 26] for k in range(4)) for n in range(15_000))
    began = time.process_time()
    for _ in range(1500):
        miner.add(" ".join(next(words) for _ in range(10)))
        assert len(miner) <= 200
    assert time.process_time() - began < 20
    assert len(miner._by_id) <= 201
    assert len(miner._groups._buckets) < 200 * 60
