"""Every page, every list and every action, timed; medians over rounds, the first one apart."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from opsweave.bench.console.asked import Answer, Api
from opsweave.bench.console.size import Size
from opsweave.kernel.errors import Bug

LIST_MS, ACTION_MS, PAGE_MS = 300.0, 500.0, 1_000.0
ROUNDS = 5
MANY = 100
SKIP = ("gallery",)


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was asked. ``first_ms``: with nothing warm but the application."""

    kind: str
    """page, list or action."""
    name: str
    n: int
    first_ms: float
    median_ms: float
    most_ms: float
    cpu_ms: float
    """Median of the process's own time, however busy the machine is."""
    kilobytes: float
    limit_ms: float

    @property
    def kept(self) -> bool:
        """Whether it stayed within its limit by the clock, each time, the first one too."""
        return max(self.first_ms, self.most_ms) < self.limit_ms

    @property
    def affordable(self) -> bool:
        """Whether its own time is within the limit: on a machine with nothing else to do."""
        return self.cpu_ms < self.limit_ms


def timed(api: Api, size: Size, rounds: int = ROUNDS) -> list[Timed]:
    """Reads first; actions change what they act upon."""
    return [*_reads(api, rounds), *_actions(api, size)]


def _reads(api: Api, rounds: int) -> Iterator[Timed]:
    for path in _pages(api):
        yield _read(api, "page", path, f"pages/{path}", PAGE_MS, rounds)
    for name, path in _lists(api):
        yield _read(api, "list", name, f"pages/{path}", LIST_MS, rounds)


def _pages(api: Api) -> list[str]:
    """The navigation's, then one of each that stands for an object."""
    listed = [item["path"] for item in _good(api.get("pages"), "pages").body["items"]]
    rows = {
        "incidents": "incidents",
        "recovery": "runs",
        "reliability": "slos",
    }
    found = [path for path in listed if path and path not in SKIP]
    for path, table in rows.items():
        first = _table(api, path, table)["rows"]
        found += [row["to"] for row in first[:1] if row["to"]]
    found.append(f"incidents/{first_incident(api)}")
    books = _table(api, "recovery", "runbooks")["rows"]
    return [*found, *(row["to"] for row in books[:1])]


def _lists(api: Api) -> Iterator[tuple[str, str]]:
    """Tables alone, in every way they can be asked."""
    base = "incidents?widget=incidents"
    after = _table(api, "incidents?view=all", "incidents")["next"]
    yield "incidents: live", base
    yield "incidents: all", f"{base}&view=all"
    yield "incidents: second page", f"{base}&view=all&incidents.after={after}"
    yield "incidents: newest first", f"{base}&view=all&incidents.sort=-began"
    yield "incidents: searched", f"{base}&view=all&incidents.q=slow+payments"
    yield "incidents: three facets", f"{base}&view=all&severity=critical&place=search&cause=load"
    id_ = first_incident(api)
    alerts = f"incidents/{id_}?widget=alerts"
    after = _table(api, f"incidents/{id_}", "alerts")["next"]
    yield "alerts of the first incident", alerts
    if after:
        yield "alerts: second page", f"{alerts}&alerts.after={after}"
    yield "alerts: by entity", f"{alerts}&alerts.sort=entity"
    yield "alerts: searched", f"{alerts}&alerts.q=error_ratio+gate"
    yield "alerts: firing and critical", f"{alerts}&alert_status=firing&alert_severity=critical"
    yield "similar incidents", f"incidents/{id_}?widget=similar"
    yield "runs", "recovery?widget=runs"
    yield "decisions that wait", "recovery?widget=waiting"
    yield "deployments of thirty days", "delivery?widget=deployments&since=-30d"
    yield "objectives", "reliability?widget=slos"


def first_incident(api: Api) -> str:
    """The one with the most alerts of those that are live."""
    rows = _table(api, "incidents", "incidents")["rows"]
    most = max(rows, key=lambda row: row["cells"]["alerts"]["value"])
    return str(most["id"])


def _table(api: Api, path: str, table: str) -> Any:
    joined = f"{path}{'&' if '?' in path else '?'}widget={table}"
    return _good(api.get(f"pages/{joined}"), joined).body["widget"]


def _read(api: Api, kind: str, name: str, path: str, limit: float, rounds: int) -> Timed:
    answers = [_good(api.get(path), path) for _ in range(rounds + 1)]
    return _timed(kind, name, answers, limit)


def _good(answer: Answer, path: str) -> Answer:
    if answer.status >= 300:
        raise Bug(f"{path} answered {answer.status}: {answer.body}")
    return answer


def _timed(kind: str, name: str, answers: list[Answer], limit: float) -> Timed:
    later = [one.ms for one in answers[1:]] or [answers[0].ms]
    return Timed(
        kind=kind,
        name=name,
        n=len(answers),
        first_ms=round(answers[0].ms, 1),
        median_ms=round(statistics.median(later), 1),
        most_ms=round(max(later), 1),
        cpu_ms=round(statistics.median(one.cpu_ms for one in answers[1:] or answers), 1),
        kilobytes=round(answers[-1].kilobytes, 1),
        limit_ms=limit,
    )


def _actions(api: Api, size: Size) -> Iterator[Timed]:
    """On the largest incident, and on as many of the others as there are, up to a hundred."""
    id_ = first_incident(api)
    live = [row["id"] for row in _table(api, "incidents", "incidents")["rows"]]
    others = [one for one in live if one != id_][: min(MANY, size.live // 2)]
    alerts = [row["id"] for row in _table(api, f"incidents/{id_}", "alerts")["rows"]]

    def act(name: str, path: str, body: dict[str, object]) -> Timed:
        return _timed("action", name, [_good(api.post(path, body), path)], ACTION_MS)

    def verb(name: str, verb_: str, ids: list[str]) -> Timed:
        return act(name, "incidents/actions", {"verb": verb_, "ids": ids})

    where = f"incidents/{quote(id_)}"
    yield verb("acknowledge the first incident", "acknowledge", [id_])
    yield verb("give it to somebody", "assign", [id_])
    yield verb("right cause", "right_cause", [id_])
    yield verb(f"acknowledge {len(others)} at once", "acknowledge", others)
    split = _good(api.post(f"{where}/split", {"ids": alerts[:-1]}), "split")
    yield _timed("action", f"split {len(alerts) - 1} alerts off", [split], ACTION_MS)
    yield act("merge another into it", f"{where}/merge", {"ids": others[:1]})
    if others[1:]:
        yield verb(f"close {len(others) - 1} at once", "close", others[1:])
    yield verb("call it noise", "noise", [id_])
    waiting = _table(api, "recovery", "waiting")
    for action in waiting["actions"][:1]:
        yield act("approve a plan", action["path"], {**action["body"], "reason": "bench"})
