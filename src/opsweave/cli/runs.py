"""``opsweave runs``: what Opsweave did, step by step."""

from __future__ import annotations

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
    say,
    say_json,
    table,
    when,
)


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "runs", "Runs of runbooks: what was planned, decided, done and verified.")
    command(made, "list", example="opsweave runs list")(list_)
    command(made, "show", example="opsweave runs show run-2c9w1...")(show)
    command(made, "runbooks", example="opsweave runs runbooks")(runbooks)


def list_(data: Data, limit: Limit = 50, since: Since = None, json: Json = False) -> None:
    """List runs, newest first."""
    with connected(data) as client:
        found = client.get("runs", limit=limit, since=since)
    if json:
        say_json(found)
        return
    table(
        ("id", "status", "runbook", "incident", "started", "ended", "shadow", "of its runbook"),
        [
            (
                run["id"],
                run["status"],
                run["pipeline"],
                run["incident"],
                when(run["started_ns"]),
                when(run["ended_ns"]),
                _verdict(run["shadow"]),
                _score(run["runbook_shadow"]),
            )
            for run in found["items"]
        ],
        empty="No runs.",
    )


def runbooks(data: Data, json: Json = False) -> None:
    """List the runbooks: what each is for, its learnt weight, and what shadow has shown.

    Shadow counts incidents: fixed, harmed, neither; in brackets the least share fixed that these
    counts prove (Wilson, 95 %).
    """
    with connected(data) as client:
        found = client.get("runbooks")
    if json:
        say_json(found)
        return
    table(
        ("runbook", "for", "risk", "weight", "shadow"),
        [
            (
                one["name"],
                ", ".join(one["causes"]),
                one["risk"],
                one["weight"],
                _score(one["shadow"]),
            )
            for one in found["items"]
        ],
        empty="No runbooks.",
    )


def _verdict(shadow: dict[str, Any] | None) -> str:
    """``fixed``, or ``would have fixed``."""
    if shadow is None:
        return ""
    return shadow["verdict"] if shadow["acted"] else f"would: {shadow['verdict']}"


def _score(score: dict[str, Any]) -> str:
    """The counts, or that there are none.

    >>> _score({"fixed": 3, "harmed": 0, "neither": 1, "n": 4, "fixed_lower": 0.3})
    '3 fixed, 0 harmed, 1 neither of 4 (30%)'
    """
    if not score["n"]:
        return "no data"
    counts = f"{score['fixed']} fixed, {score['harmed']} harmed, {score['neither']} neither"
    return f"{counts} of {score['n']} ({score['fixed_lower']:.0%})"


def show(
    data: Data,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `opsweave runs list` shows it.")],
    json: Json = False,
) -> None:
    """One run: plan, gates, steps, verification."""
    with connected(data) as client:
        found = client.get(f"runs/{id_}")
    if json:
        say_json(found)
        return
    say(f"{found['id']}  {found['status']}  {found['pipeline']}  for {found['incident']}")
    if found["says"]:
        say(found["says"])
    table(
        ("action", "target", "before", "after", "says"),
        [
            (one["call"]["action"], one["call"]["target"], one["before"], one["after"], one["says"])
            for one in found["diffs"]
        ],
        empty="No dry run was made yet.",
        title="Dry run",
    )
    table(
        ("gate", "verdict", "reasons"),
        [(g["gate"], g["verdict"], "; ".join(g["reasons"])) for g in found["gates"]],
        empty="No gate was asked yet.",
        title="Gates",
    )
    table(
        ("at", "step", "status", "says"),
        [(when(one["at_ns"]), one["name"], one["status"], one["says"]) for one in found["steps"]],
        empty="No step was taken yet.",
        title="Steps",
    )
    verified = {True: "yes", False: "no", None: "not yet"}[found["verified"]]
    say(f"verified: {verified}")
    for says in found["verification"]:
        say(f"  {says}")
    if found["shadow"]:
        say(f"shadow: {_verdict(found['shadow'])}: {found['shadow']['says']}")
    say(f"its runbook in shadow: {_score(found['runbook_shadow'])}")
