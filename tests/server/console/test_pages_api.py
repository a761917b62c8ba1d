"""Paths, queries, one widget alone; what is refused and how."""

from __future__ import annotations

import gzip

import msgspec
import pytest

from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import Bug, NotThere, RejectInput
from opsweave.pages import Note, Page, PageQuery, PageSpec, Section
from opsweave.server.auth import Principal, Scope
from opsweave.server.console.api_pages import one_of, shown
from opsweave.server.console.asked import asked
from opsweave.server.console.registry import Registry

NOW = from_iso("2026-01-02T03:04:05Z")
MS = NOW / 1e6
READER = Principal(id="tok-1", name="reader", scopes=frozenset({Scope.READ}))


def ask(**raw: str) -> PageQuery:
    return asked("x", {}, {name: (value,) for name, value in raw.items()}, READER, NOW)


def spec(pattern: str, **more) -> PageSpec:
    def make(query: PageQuery) -> Page:
        sections = (Section(id="s", widgets=(Note(id="n", paragraphs=(str(query.params),)),)),)
        return Page(path=query.path, title=pattern, sections=sections)

    return PageSpec(pattern=pattern, title=pattern, make=make, **more)


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("runs", "runs", {}),
        ("runs/latest", "runs/latest", {}),
        ("runs/run-1", "runs/{id}", {"id": "run-1"}),
        ("entities/service:a/b/c", "entities/{ref...}", {"ref": "service:a/b/c"}),
    ],
)
def test_paths(path: str, pattern: str, params: dict[str, str]) -> None:
    patterns = ("runs/{id}", "runs", "runs/latest", "entities/{ref...}")
    found, names = Registry([spec(one) for one in patterns]).match(path)
    assert (found.pattern, names) == (pattern, params)


def test_what_has_no_page_and_what_has_two() -> None:
    with pytest.raises(NotThere):
        Registry([spec("runs/{id}")]).match("runs/a/b")
    with pytest.raises(Bug, match="two pages"):
        Registry([spec("runs"), spec("runs")])


def test_the_navigation_is_in_order() -> None:
    specs = [
        spec("c", group="System"),
        spec("b", order=2),
        spec("a", order=3),
        spec("x/{id}"),
        spec("h", hidden=True),
    ]
    assert [one.pattern for one in Registry(specs).listed()] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("raw", "since", "until", "moves"),
    [
        ({}, MS - 3.6e6, MS, True),
        ({"since": "-30m"}, MS - 1.8e6, MS, True),
        ({"since": "-7d", "until": "-1d"}, MS - 7 * 8.64e7, MS - 8.64e7, False),
        ({"since": "2026-01-02T03:00:00Z"}, MS - 245e3, MS, True),
        ({"until": "2026-01-02T04:00:00+01:00"}, MS - 245e3 - 3.6e6, MS - 245e3, False),
        ({"until": "2026-01-02T04:00:00 01:00"}, MS - 245e3 - 3.6e6, MS - 245e3, False),
    ],
)
def test_times(raw: dict[str, str], since: float, until: float, moves: bool) -> None:
    query = ask(**raw)
    assert (query.since_ms, query.until_ms, query.relative) == (since, until, moves)


@pytest.mark.parametrize(
    "raw",
    [
        {"since": "yesterday"},
        {"since": "-1y"},
        {"since": "2026-01-02T03:05:00Z"},
        {"since": "-9999w"},
        {"until": "0001-01-01"},
    ],
)
def test_times_that_are_none(raw: dict[str, str]) -> None:
    with pytest.raises(RejectInput):
        ask(**raw)


def test_a_page_needs_its_scope_and_says_so() -> None:
    denied = shown(spec("settings", needs="admin"), ask())
    note = denied.sections[0].widgets[0]
    assert note.state == "denied" and "admin" in note.missing and "opsweave token" in note.remedy
    assert shown(spec("settings"), ask()).as_of_ms == MS


def test_one_widget_alone() -> None:
    page = shown(spec("runs"), ask())
    assert one_of(page, "n").widget.id == "n"
    with pytest.raises(NotThere):
        one_of(page, "other")


def test_over_http(rig) -> None:
    items = rig.get("pages")["items"]
    assert {"path", "title", "group", "key"} <= set(items[0])
    assert all("{" not in item["path"] for item in items)
    assert rig.get("pages/nowhere", status=404)["action"]
    assert rig.get("pages/explore/logs?since=never", status=400)["field"] == "since"
    page = rig.get("pages/explore/sql")
    widget = page["sections"][0]["widgets"][0]
    assert rig.get(f"pages/explore/sql?widget={widget['id']}")["widget"]["kind"] == widget["kind"]
    assert rig.get("pages/explore/sql?widget=none", status=404)["field"] == "widget"


def test_large_answers_are_compressed_and_never_cached(rig) -> None:
    headers = {**rig.bearer("read"), "accept-encoding": "gzip"}
    with rig.client.stream("GET", "/api/v1/openapi.json", headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers["cache-control"] == "no-store"
    assert msgspec.json.decode(gzip.decompress(body))["openapi"] == "3.1.0"
