"""One trace: the order of its spans, and the time that is theirs alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opsweave.server.explore.trace import sections, tree


def one(id_: str, parent: str, ts: int, took: int) -> dict[str, Any]:
    return {"span_id": id_, "parent_id": parent, "ts": ts, "duration_ns": took}


def told(spans: list[dict[str, Any]]) -> list[tuple[str, int, float]]:
    return [(span["span_id"], depth, own) for span, depth, own in tree(spans)]


def test_own_time_is_what_no_child_covers_even_when_children_overlap() -> None:
    spans = [one("a", "", 0, 100), one("b", "a", 10, 40), one("c", "a", 30, 40)]
    assert told(spans) == [("a", 0, 40.0), ("b", 1, 40.0), ("c", 1, 40.0)]


def test_a_child_that_outlives_its_parent_takes_no_more_than_there_is() -> None:
    assert told([one("a", "", 0, 10), one("b", "a", 5, 50)])[0] == ("a", 0, 5.0)


def test_a_missing_parent_begins_a_tree_and_a_circle_is_drawn_once() -> None:
    spans = [one("a", "gone", 0, 1), one("b", "c", 1, 1), one("c", "b", 2, 1)]
    assert [id_ for id_, _, _ in told(spans)] == ["a", "b", "c"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd "), st.integers(0, 9))))
def test_every_span_is_drawn_once(shape: list[tuple[str, str, int]]) -> None:
    spans = [one(id_, parent.strip(), ts, 3) for id_, parent, ts in shape]
    found = tree(spans)
    assert sorted(id(span) for span, _, _ in found) == sorted(id(span) for span in spans)
    assert all(0 <= own <= 3 for _, _, own in found)


def test_an_unknown_trace_says_what_is_missing(filled: Any) -> None:
    waterfall, lines = (section.widgets[0] for section in sections(filled.store, "ff"))
    assert waterfall.state == lines.state == "empty"
    assert "retention" in waterfall.remedy
