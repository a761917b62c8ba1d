"""``opsweave incidents``: what is wrong, why, and what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import (
    Data,
    Json,
    Limit,
    Since,
    command,
    group,
    note,
    say,
    say_json,
    table,
    when,
)


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "incidents", "Incidents: what is wrong, why, and what was done.")
    command(made, "list", example="opsweave incidents list --since 2026-11-01T00:00:00Z")(list_)
    command(made, "show", example="opsweave incidents show inc-2c9w1...")(show)
    command(made, "grouping", example="opsweave incidents grouping")(grouping)
    command(made, "export", example="opsweave incidents export inc-2c9w1... --out ./case")(export)


def list_(data: Data, limit: Limit = 50, since: Since = None, json: Json = False) -> None:
    """List incidents, newest first."""
    with connected(data) as client:
        found = client.get("incidents", limit=limit, since=since)
    if json:
        say_json(found)
        return
    table(
        ("id", "status", "severity", "opened", "alerts", "title", "first cause"),
        [_row(item) for item in found["items"]],
        empty="No incidents.",
    )


def grouping(data: Data, json: Json = False) -> None:
    """How good the grouping is, by what people merged and split.

    Over the incidents that somebody judged: from how many nothing was split off (precision), into
    how many nothing had to be merged (recall), and how many alerts stayed; with intervals at 95 %.
    """
    with connected(data) as client:
        found = client.get("grouping")
    if json:
        say_json(found)
        return
    rows = [
        (name, f"{one['hits']} of {one['n']}", f"{one['value']:.0%}", _between(one))
        for name, one in found.items()
        if one["n"]
    ]
    empty = "No incident was judged yet: opsweave label INCIDENT right_cause, merge, split ..."
    table(("", "held", "share", "95 %"), rows, empty=empty)


def _between(share: dict[str, Any]) -> str:
    return f"{share['low']:.0%} to {share['high']:.0%}"


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    causes = item["causes"]
    return (
        item["id"],
        item["status"],
        item["severity"],
        when(item["opened_ns"]),
        len(item["alerts"]),
        item["title"],
        f"{causes[0]['entity']}: {causes[0]['kind']}" if causes else None,
    )


def show(
    data: Data,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `opsweave incidents list` shows.")],
    json: Json = False,
) -> None:
    """One incident: its causes with their evidence, what was dismissed, and its timeline."""
    with connected(data) as client:
        found = client.get(f"incidents/{id_}")
    if json:
        say_json(found)
        return
    say(f"{found['id']}  {found['status']}  {found['severity']}  {found['title']}")
    table(
        ("rank", "entity", "indicator", "kind", "change", "score", "says"),
        [_cause(cause) for cause in found["causes"]],
        empty="No cause is known yet.",
        title="Causes",
    )
    for cause in found["causes"]:
        for evidence in cause["evidence"]:
            say(f"  {cause['rank']}: {evidence['says']} [{evidence['id']}, n={evidence['n']}]")
    if found["dismissed"]:
        rows = [(one["entity"], one["change"], one["reason"]) for one in found["dismissed"]]
        table(("entity", "change", "why not"), rows, empty="", title="Dismissed")
    rows = [(when(one["at_ns"]), one["kind"], one["says"]) for one in found["timeline"]]
    table(("at", "what", "says"), rows, empty="Nothing on the timeline.", title="Timeline")
    if found["runs"]:
        say("runs: " + ", ".join(found["runs"]))


def _cause(cause: dict[str, Any]) -> tuple[Any, ...]:
    return (
        cause["rank"],
        cause["entity"],
        cause["indicator"],
        cause["kind"],
        cause["change"] or "none",
        cause["score"],
        cause["says"],
    )


def export(
    data: Data,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `opsweave incidents list` shows.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder, made if needed.")],
    before: Annotated[
        float, typer.Option("--before", metavar="SECONDS", min=0, help="History before the onset.")
    ] = 900.0,
    json: Json = False,
) -> None:
    """Write what was recorded around an incident as a case folder for `opsweave rca`."""
    from opsweave.cli import _export
    from opsweave.practices.aiops.casefile.write import write_case

    with connected(data) as client:
        incident = client.get(f"incidents/{id_}")
        first, last = _export.window(incident, before)
        documents = _export.documents(client, incident, first, last)
        tables = {}
        for name in _export.QUERIES:
            note(f"reading {name}")
            tables[name] = list(_export.pages(client, name, first, last))
    write_case(out, documents, tables)
    rows = {name: sum(len(columns["ts"]) for columns in parts) for name, parts in tables.items()}
    if json:
        say_json({"out": str(out), "rows": rows})
        return
    say(f"{out}: " + ", ".join(f"{count} rows in {name}" for name, count in rows.items()))
