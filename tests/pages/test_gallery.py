"""The gallery shows every kind of widget in every state, and is the same each time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsweave.pages import AnyWidget, Page, PageQuery, Stat, State, Timeline
from opsweave.pages.gallery import KINDS, pages

NOW = 1_790_000_000_000.0


def made(**raw: str) -> Page:
    [spec] = pages()
    asked = {name: (value,) for name, value in raw.items()}
    return spec.make(PageQuery(path="gallery", now_ms=NOW, raw=asked))


def widgets(page: Page) -> list[AnyWidget]:
    return [widget for section in page.sections for widget in section.widgets]


def test_it_stands_in_the_navigation() -> None:
    [spec] = pages()
    assert (spec.listed, spec.group) == (True, "System")


@pytest.mark.parametrize("state", list(State))
def test_every_kind_is_shown_in_every_state(state: State) -> None:
    shown = {type(widget) for widget in widgets(made()) if widget.state is state}
    assert shown == set(KINDS.values())


def test_ids_are_unique_and_what_is_not_there_says_why() -> None:
    all_of_them = widgets(made())
    assert len({widget.id for widget in all_of_them}) == len(all_of_them)
    for widget in all_of_them:
        if widget.state is not State.OK:
            assert widget.missing and widget.remedy


def test_samples_say_that_they_are_samples() -> None:
    assert "samples" in made().lead
    for widget in widgets(made()):
        if widget.state is State.OK and not isinstance(widget, Stat):
            assert "(sample)" in widget.title


def test_it_is_the_same_each_time_and_survives_the_wire() -> None:
    page = made()
    sent = msgspec.json.encode(page)
    assert sent == msgspec.json.encode(made())
    assert msgspec.json.decode(sent, type=Page) == page


def test_a_crowd_has_ten_thousand_moments_in_known_lanes() -> None:
    [timeline] = [w for w in widgets(made(crowd="many")) if isinstance(w, Timeline) and w.moments]
    assert len(timeline.moments) == 10_000
    assert {one.lane for one in timeline.moments} == {lane.id for lane in timeline.lanes}


GUIDE = Path(__file__).parents[2] / "docs" / "pages.md"


def test_the_guide_has_a_line_for_every_kind() -> None:
    rows = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    for name, kind in KINDS.items():
        assert any(f"`{name}` | `{kind.__name__}`" in row for row in rows), name


def test_the_guide_s_example_is_a_page() -> None:
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/pages.md", "exec"), names)
    [spec] = names["pages"]()
    page = spec.make(PageQuery(path=spec.pattern, now_ms=NOW, scope="shop"))
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page
