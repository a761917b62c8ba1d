import random

from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.logs import Header, Labeller, parameters

LINES = [
    *(
        f"connection from 10.0.0.{i} ({name}) at Sun Jul  3 12:30:5{i} 2005"
        for i, name in enumerate(("", "host8.example.org", "17.dsl.example.co.uk", "gateway"))
    ),
    *(
        f"session opened for user {name} by uid {i}"
        for i, name in enumerate(("ann", "root", "carl"))
    ),
    "daemon startup succeeded",
    "daemon shutdown succeeded",
]


def mined(lines):
    labeller = Labeller()
    labeller.learn(lines)
    return [(label.template, label.parameters) for label in labeller.label(lines)]


def test_lines_are_labelled_by_the_final_template():
    assert {template for template, _ in mined(LINES)} == {
        "connection from <*> (<*>) at <*>",
        "session opened for user <*> by uid <*>",
        "daemon startup succeeded",
        "daemon shutdown succeeded",
    }


def test_the_order_of_lines_does_not_matter():
    expected = dict(zip(LINES, mined(LINES), strict=True))
    for seed in range(20):
        lines = random.Random(seed).sample(LINES, len(LINES))
        assert dict(zip(lines, mined(lines), strict=True)) == expected


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n"), max_size=80), max_size=25))
def test_every_line_fits_its_template(lines):
    for line, (template, values) in zip(lines, mined(lines), strict=True):
        if "<*>" in template and "<*>" not in line:
            assert values or not line.isprintable()
        assert len(values) in {0, template.count("<*>")}


def test_a_long_line_is_cut_and_counted():
    labeller = Labeller()
    labeller.learn(["word " * 300_000])
    assert labeller.cut == 1
    assert len(labeller.templates()[0].template) <= 4000


def test_examples_are_the_first_lines():
    labeller = Labeller()
    lines = [f"took {i} ms" for i in range(9)]
    labeller.learn(lines)
    (one,) = labeller.templates()
    assert (one.template, one.lines, one.examples) == ("took <*> ms", 9, tuple(lines[:3]))


def test_parameters_are_found_from_left_to_right():
    assert parameters("a <*> b <*>", "a x b y b z") == ["x", "y b z"]
    assert parameters("<*>", "all of it") == ["all of it"]
    assert parameters("nothing", "nothing") == []
    assert parameters("a <*> b", "other") == []
    assert parameters("(<*>) <*>", "() x") == ["", "x"]


def header(lines):
    found = Header(lines)
    return found.columns, found.message(lines[0])


def test_headers_are_recognised_by_their_columns():
    rows = [(i, f"{i:02d}", ("INFO", "WARN")[i % 2]) for i in range(40)]
    assert header(
        [f"2026-01-02T03:04:{s}Z {level} [main] a.B - x {i}" for i, s, level in rows]
    ) == (
        ["time", "level", "bracket", "few", "dash"],
        "x 0",
    )
    assert header([f"Jan  2 03:04:{s} web sshd[{i}]: x {i}" for i, s, _ in rows])[1] == "x 0"
    assert header([f"[02/Jan/2026:03:04:{s} +0000] x {i}" for i, s, _ in rows])[1] == "x 0"
    assert header([f"x {i} at 03:04:{s}" for i, s, _ in rows]) == ([], "x 0 at 03:04:00")
    assert Header([]).message("x") == "x"
