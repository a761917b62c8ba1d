"""The explore pages from a real store: what they show, and what they say of nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from opsweave.facts import Alert, AlertStatus, Change, ChangeKind
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import AnyWidget, Page, PageQuery, State
from opsweave.record.state import MemoryState
from opsweave.server.explore.pages import pages

BEGIN = 1_700_000_100 * SECOND
BEGIN_MS = BEGIN / MILLISECOND


def made(filled: Any, path: str, state: MemoryState | None = None, **raw: str) -> Page:
    specs = {one.pattern: one for one in pages(filled.store, state or MemoryState())}
    head, _, last = path.rpartition("/")
    spec = specs.get(path) or specs[f"{head}/{{id}}"]
    return spec.make(
        PageQuery(
            path=path,
            params={"id": last},
            since_ms=BEGIN_MS,
            until_ms=BEGIN_MS + 60_000,
            now_ms=BEGIN_MS + 60_000,
            raw={name.replace("__", "."): (value,) for name, value in raw.items()},
        )
    )


def widget(page: Page, id_: str) -> Any:
    found = [one for section in page.sections for one in section.widgets if one.id == id_]
    assert len(found) == 1, [one.id for section in page.sections for one in section.widgets]
    return found[0]


def widgets(page: Page) -> list[AnyWidget]:
    return [one for section in page.sections for one in section.widgets]


LISTED = ["metrics", "logs", "traces", "events", "sql"]


@pytest.mark.parametrize("name", LISTED)
def test_nothing_there_is_said_with_a_remedy(filled: Any, name: str) -> None:
    empty = [one for one in widgets(made(filled, f"explore/{name}")) if one.state is State.EMPTY]
    assert empty or name == "sql"
    assert all(one.missing and one.remedy for one in empty)


@pytest.mark.parametrize("name", LISTED[:-1])
def test_a_filter_that_cannot_be_read_is_refused_in_its_place(filled: Any, name: str) -> None:
    form = widget(made(filled, f"explore/{name}", q='entity:"open'), "filter")
    assert form.state is State.ERROR
    assert form.remedy


@pytest.mark.parametrize("name", LISTED)
def test_ids_are_unique_on_a_page(filled: Any, name: str) -> None:
    ids = [one.id for one in widgets(made(filled, f"explore/{name}", sql="select 1 as n"))]
    assert len(ids) == len(set(ids))


def test_logs_show_levels_templates_and_covered_lines(filled: Any) -> None:
    texts = [f"took {n} ms for password=hunter{n}" for n in range(5)] + ["disk full"]
    filled.add(
        "logs",
        [
            {
                "ts": BEGIN + i * SECOND,
                "entity": "service:a/b/c",
                "body": text,
                "severity": 17 if text == "disk full" else 9,
            }
            for i, text in enumerate(texts)
        ],
    )
    page = made(filled, "explore/logs")
    levels = {line.name: sum(one or 0 for one in line.y) for line in widget(page, "volume").lines}
    assert levels == {"info": 5.0, "error": 1.0}
    first = widget(page, "templates").rows[0]
    assert first.cells["n"].value == 5
    lines = widget(page, "lines").lines
    assert [line.text for line in lines][-1] == "disk full"
    assert not any("hunter" in line.text for line in lines)
    assert len({line.template for line in lines}) == 2


def test_older_lines_are_a_page_further(filled: Any) -> None:
    rows = [{"ts": BEGIN + i, "body": f"line {i}", "entity": "e"} for i in range(250)]
    filled.add("logs", rows)
    first = widget(made(filled, "explore/logs"), "lines")
    assert (len(first.lines), first.next) == (200, "200")
    older = widget(made(filled, "explore/logs", lines__after="200"), "lines")
    assert (len(older.lines), older.next) == (50, "")
    assert {one.id for one in first.lines}.isdisjoint(one.id for one in older.lines)


def test_traces_compare_with_the_time_before(filled: Any) -> None:
    def rows(at: int, took: int) -> list[dict[str, Any]]:
        row = {"entity": "service:a/b/c", "name": "GET /", "kind": "server", "trace_id": "t"}
        return [{"ts": at + i, "duration_ns": took, "span_id": str(i), **row} for i in range(10)]

    filled.add("spans", rows(BEGIN - 30 * SECOND, 10 * MILLISECOND))
    filled.add("spans", rows(BEGIN + SECOND, 90 * MILLISECOND))
    page = made(filled, "explore/traces", compare="before")
    (row,) = widget(page, "operations").rows
    assert row.cells["p95"].value == pytest.approx(0.09)
    assert row.cells["p95_before"].value == pytest.approx(0.01)
    assert widget(page, "traces").rows[0].to.startswith("explore/traces/t")


def test_events_put_alerts_changes_and_events_on_one_axis(filled: Any) -> None:
    state = MemoryState()
    state.put(
        Alert(
            id="alert-1",
            fingerprint="f",
            source="detector",
            entity="service:a/b/c",
            indicator="error_ratio",
            status=AlertStatus.FIRING,
            started_ns=BEGIN + 5 * SECOND,
        )
    )
    state.put(
        Change(
            id="c1",
            source="ci",
            kind=ChangeKind.DEPLOYMENT,
            entity="service:a/b/c",
            at_ns=BEGIN + SECOND,
            summary="v2",
        )
    )
    filled.add("events", [{"ts": BEGIN + 2 * SECOND, "entity": "service:a/b/d", "says": "restart"}])
    lanes = [one.lane for one in widget(made(filled, "explore/events", state), "timeline").moments]
    assert lanes == ["changes", "events", "alerts"]
    only = widget(made(filled, "explore/events", state, q="entity:c"), "timeline").moments
    assert [one.lane for one in only] == ["changes", "alerts"]


def test_a_metric_is_drawn_with_the_changes_of_the_same_entities(filled: Any) -> None:
    state = MemoryState()
    state.put(
        Change(
            id="c1",
            source="ci",
            kind=ChangeKind.FLAG,
            entity="service:a/b/c",
            at_ns=BEGIN + SECOND,
        )
    )
    row = {"metric": "cpu", "kind": "gauge", "entity": "service:a/b/c", "value": 0.5}
    filled.add("points", [{"ts": BEGIN, **row}])
    page = made(filled, "explore/metrics", state, metric="cpu")
    series = widget(page, "series")
    assert series.lines[0].y[0] == 0.5
    assert series.lines[0].y[1] is None
    assert [mark.to for mark in series.marks] == ["changes/c1"]
    refused = widget(made(filled, "explore/metrics", metric="cpu", show="p95"), "series")
    assert refused.state is State.ERROR


def test_sql_answers_or_says_what_is_wrong(filled: Any) -> None:
    table = widget(
        made(filled, "explore/sql", sql="select 9007199254740993 as n, null as m"), "answer"
    )
    assert table.rows[0].cells["n"].value == "9007199254740993"
    assert table.rows[0].cells["m"].value is None
    wrong = widget(made(filled, "explore/sql", sql="drop table points"), "answer")
    assert (wrong.state, bool(wrong.missing)) == (State.ERROR, True)


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("logs", "severity:nope"),
        ("traces", "duration:5zz"),
        ("events", "x.y:z"),
        ("metrics", "value>x"),
    ],
)
def test_a_filter_that_says_nothing_here_is_refused_in_its_place(
    filled: Any, name: str, q: str
) -> None:
    form = widget(made(filled, f"explore/{name}", q=q), "filter")
    assert (form.state, bool(form.missing), bool(form.remedy)) == (State.ERROR, True, True)


def test_a_line_of_megabytes_is_cut_and_says_so(filled: Any) -> None:
    body = "word " * 200_000
    filled.add("logs", [{"ts": BEGIN + i, "body": body, "entity": "e"} for i in range(20)])
    page = made(filled, "explore/logs")
    assert all(len(line.text) < 3_000 for line in widget(page, "lines").lines)
    assert "more characters" in widget(page, "lines").lines[0].text


@pytest.mark.parametrize("after", ["9" * 5000, "-1", "x", "²"])
def test_any_page_mark_is_read_or_begins_at_the_newest(filled: Any, after: str) -> None:
    filled.add("logs", [{"ts": BEGIN, "body": "one", "entity": "e"}])
    assert made(filled, "explore/logs", lines__after=after)


def test_what_people_wrote_in_events_and_changes_is_covered(filled: Any) -> None:
    filled.add("events", [{"ts": BEGIN, "entity": "e", "says": "login password=hunter2"}])
    moments = widget(made(filled, "explore/events"), "timeline").moments
    assert "hunter2" not in moments[0].says


def test_an_alert_that_still_fires_is_shown_although_it_began_before(filled: Any) -> None:
    state = MemoryState()
    state.put(
        Alert(
            id="alert-1",
            fingerprint="f",
            source="detector",
            entity="service:a/b/c",
            indicator="error_ratio",
            started_ns=BEGIN - 3600 * SECOND,
        )
    )
    (moment,) = widget(made(filled, "explore/events", state), "timeline").moments
    assert moment.open


def test_the_link_of_an_operation_is_read_back_whatever_its_name(filled: Any) -> None:
    row = {"entity": "service:a/b/c", "name": 'say "hi" \\ now', "trace_id": "t", "span_id": "s"}
    filled.add("spans", [{"ts": BEGIN, "duration_ns": 5, **row}])
    (link,) = [one.to for one in widget(made(filled, "explore/traces"), "operations").rows]
    q = dict(parse_qsl(link.partition("?")[2]))["q"]
    assert len(widget(made(filled, "explore/traces", q=q), "operations").rows) == 1
