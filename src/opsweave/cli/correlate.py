"""``opsweave correlate``: a file of alerts to incidents, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opsweave.cli._common import Json, command, note, say, say_json, table, text

if TYPE_CHECKING:
    from opsweave.analysis.correlation import Grouped
    from opsweave.cli._alerts import AlertFile

_SHOWN = 40
_EXAMPLE = """opsweave correlate alerts.jsonl --graph catalog-info.yaml
opsweave correlate alerts.jsonl.gz --graph graph.json --json
opsweave correlate alerts.jsonl --out grouped.jsonl"""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "correlate", example=_EXAMPLE)(correlate)


def correlate(
    alerts: Annotated[
        Path, typer.Argument(metavar="ALERTS.jsonl", help="One alert a line; .gz too; - for stdin.")
    ],
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="FILE", help="catalog-info YAML, or nodes and edges."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write each line again with its incident."),
    ] = None,
    json: Json = False,
) -> None:
    """Group alerts into incidents, and say of each alert why it is where it is.

    Takes Opsweave's alerts, Alertmanager's, and any JSON that says what, whom, and since when.
    """
    import time

    from opsweave.analysis.correlation import correlate as group
    from opsweave.cli._alerts import read_alerts, read_topology, write_grouped

    started = time.perf_counter()
    topology = read_topology(graph)
    found = read_alerts(alerts, topology)
    incidents = group(found.items.values(), topology)
    seconds = round(time.perf_counter() - started, 3)
    if out is not None:
        write_grouped(out, found, incidents)
    if json:
        say_json(_body(found, incidents, topology, seconds))
        return
    _print(found, incidents, topology)
    for line, error in found.bad[:5]:
        note(f"line {line}: {error}")


def compression(alerts: int, incidents: int) -> float | None:
    """Share of alerts that nobody needs to look at one by one; None of none.

    >>> compression(10, 4)
    0.6
    """
    return round(1.0 - incidents / alerts, 4) if alerts else None


def _body(
    found: AlertFile, incidents: list[Grouped], topology: Any, seconds: float
) -> dict[str, Any]:
    return {
        "incidents": [
            {
                "id": one.id,
                "alerts": list(one.alerts),
                "why": [_why(join, found, topology) for join in one.joins],
                "cause": one.cause.lstrip("=!?") or None,
                "confidence": round(one.share, 4),
                "starts_at": one.start_s,
                "ends_at": one.end_s,
            }
            for one in incidents
        ],
        "compression": compression(len(found.items), len(incidents)),
        "type_edges": _edges(found),
        "alerts": len(found.items),
        "lines": found.lines,
        "repeated": found.repeated,
        "bad": {
            "count": found.rejected,
            "lines": [{"line": line, "says": says} for line, says in found.bad],
        },
        "seconds": seconds,
    }


def _edges(found: AlertFile) -> list[dict[str, Any]]:
    """Which type of alert seems to cause which, from who comes first on one entity."""
    import msgspec

    from opsweave.analysis.correlation.edges import learn_edges

    onsets = ((one.type, one.entity, one.start_s) for one in found.items.values() if one.entity)
    return [msgspec.to_builtins(edge) | {"z": round(edge.z, 2)} for edge in learn_edges(onsets)]


def _why(join: Any, found: AlertFile, topology: Any) -> dict[str, Any]:
    from opsweave.analysis.correlation.words import says_of

    return {
        "alert": join.alert,
        "rule": join.rule,
        "says": says_of(join, found.items[join.alert], topology),
        "odds": round(join.odds, 1) if join.odds else None,
    }


def _print(found: AlertFile, incidents: list[Grouped], topology: Any) -> None:
    from opsweave.analysis.correlation.words import short

    by_size = sorted(incidents, key=lambda one: (-len(one.alerts), one.start_s, one.id))
    rows = []
    for one in by_size[:_SHOWN]:
        last = next((join for join in reversed(one.joins) if join.rule != "again"), one.joins[0])
        cause = f"{short(one.cause)} ({one.share:.0%})" if one.cause else "-"
        entities = {found.items[a].entity for a in one.alerts}
        rows.append(
            (
                one.id, len(one.alerts), len(entities), _when(one.start_s),
                text(one.end_s - one.start_s), cause, _why(last, found, topology)["says"],
            )
        )  # fmt: skip
    table(
        ("incident", "alerts", "entities", "since", "s", "in common", "why, the last join"),
        rows,
        empty="The file holds no alert.",
    )
    if len(by_size) > _SHOWN:
        say(f"and {len(by_size) - _SHOWN} smaller ones (--json has them all)")
    share = compression(len(found.items), len(incidents))
    if share is not None:
        say(
            f"{len(found.items)} alerts in {len(incidents)} incidents: {share:.1%} fewer to look at"
        )
    if found.rejected or found.repeated:
        say(f"{found.lines} lines, {found.repeated} repeated, {found.rejected} bad")


def _when(at_s: float) -> str:
    from opsweave.cli._common import when

    return when(int(at_s * 1e9)) or "-"
