"""What every page owes its reader, whatever the record holds and whoever looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from opsweave.kernel.errors import NotThere
from opsweave.pages import Graph, Page, Series, State
from opsweave.server.auth import Scope
from opsweave.server.console.pages.drawing import MOST_NODES
from opsweave.server.console.pages.overview.roles import ROLES

ROOT = Path(__file__).parents[4]
ROOTS = (
    "overview",
    "map",
    "record",
    "record/unparsed",
    "settings",
    "incidents",
    "recovery",
    "delivery",
    "reliability",
    "explore/metrics",
    "explore/logs",
    "explore/traces",
    "explore/events",
    "explore/sql",
    "gallery",
)
DETAILS = (
    "entities/service:prod/shop/cart",
    "entities/service:prod/pay/payments",
    "changes/dep/1",
    "changes/cfg-1",
    "incidents/inc-1",
    "incidents/inc-0",
    "recovery/runs/run-1",
)
OURS = ("overview", "map", "record", "record/unparsed", "settings", "entities/", "changes/")
UNEXPLAINED = {"gallery"}
"""Shows widgets in every state on purpose."""


def widgets(page: Page):
    return [widget for section in page.sections for widget in section.widgets]


def check(page: Page, path: str) -> None:
    """The promises of HOUSE.md that a machine can see."""
    body = msgspec.json.encode(page)
    assert msgspec.json.decode(body, type=Page) == page, "what is sent can be read again"
    assert page.title and page.path
    ids = [widget.id for widget in widgets(page)]
    assert len(ids) == len(set(ids)), f"{path}: ids are unique on a page"
    assert len({section.id for section in page.sections}) == len(page.sections)
    assert ids, f"{path}: a page is never blank"
    for widget in widgets(page):
        if widget.state is not State.OK and path not in UNEXPLAINED:
            assert widget.missing, f"{path} {widget.id}: empty without a reason"
            assert widget.remedy or not path.startswith(OURS), f"{path} {widget.id}: and now?"
        if isinstance(widget, Graph):
            assert len(widget.nodes) <= MOST_NODES
        if isinstance(widget, Series):
            assert all(len(line.y) == len(widget.x_ms) <= 2000 for line in widget.lines)
        if widget.proof is not None:
            assert len(widget.proof.ids) <= 100


@pytest.fixture(scope="module")
def empty(idle, of) -> Any:
    return of(idle)


@pytest.fixture(scope="module")
def filled(tmp_path_factory, assembling, of, small) -> Any:
    with assembling(tmp_path_factory.mktemp("filled")) as assembly:
        small.fill(assembly, assembly.clock.now_ns())
        yield of(assembly)


def test_every_page_without_a_name_is_looked_at(empty) -> None:
    listed = {spec.pattern for spec in empty.registry.specs if "{" not in spec.pattern}
    assert listed == set(ROOTS)


@pytest.mark.parametrize("path", ROOTS)
def test_with_an_empty_record(empty, path: str) -> None:
    check(empty.page(path), path)


@pytest.mark.parametrize("path", [*ROOTS, *DETAILS])
def test_with_a_small_record(filled, path: str) -> None:
    page = filled.page(path)
    check(page, path)
    for scope in ("shop", "nowhere"):
        check(filled.page(path, scope=scope), path)


@pytest.mark.parametrize("path", [*ROOTS, DETAILS[0], DETAILS[2], DETAILS[4]])
def test_one_widget_is_the_same_alone(filled, path: str) -> None:
    for widget in widgets(filled.page(path)):
        alone = filled.page(path, widget=widget.id)
        (found,) = [one for one in widgets(alone) if one.id == widget.id]
        assert type(found) is type(widget)


@pytest.mark.parametrize("path", ROOTS)
def test_who_may_only_read_is_told_what_is_missing(filled, path: str) -> None:
    page = filled.page(path, frozenset({Scope.READ}))
    check(page, path)
    changing = [
        action
        for widget in widgets(page)
        for action in widget.actions
        if not action.disabled and path not in UNEXPLAINED
    ]
    assert not [a.path for a in changing if not a.path.startswith(("query", "explore"))]


def test_who_may_not_even_read_is_refused_over_http(rig) -> None:
    headers = rig.bearer("ingest")
    for path in ROOTS:
        answer = rig.client.get(f"/api/v1/pages/{path}", headers=headers)
        assert answer.status_code == 403
        assert answer.json()["error"] and answer.json()["action"]


@pytest.mark.parametrize(
    "path",
    ["entities/service:prod/shop/gone", "changes/gone", "incidents/gone", "recovery/runs/gone"],
)
def test_what_is_not_there_is_a_404(filled, path: str) -> None:
    with pytest.raises(NotThere):
        filled.page(path)


def test_links_lead_to_pages(filled) -> None:
    """Every path that our own pages offer is one that answers."""
    seen = set()
    for path in (*ROOTS[:9], *DETAILS):
        body = msgspec.to_builtins(filled.page(path))
        seen |= {text.partition("?")[0] for text in _links(body)}
    for path in sorted(seen - {""}):
        filled.registry.match(unquote(path))


def _links(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("to", "remedy_to", "entity_to", "change_to") and isinstance(value, str):
                yield value
            else:
                yield from _links(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from _links(item)


def test_every_page_is_documented(empty) -> None:
    guide = (ROOT / "docs" / "console.md").read_text("utf-8")
    for spec in empty.registry.specs:
        assert f"`{spec.pattern}`" in guide, spec.pattern
        if spec.key:
            assert f"`{spec.key}`" in guide, spec.key
    for role in ROLES:
        assert f"`{role}`" in guide


def test_no_two_pages_have_one_key(empty) -> None:
    keys = [spec.key for spec in empty.registry.listed() if spec.key]
    assert sorted(keys) == sorted(set(keys))
