"""``opsweave deployments``: what was shipped, what failed, how long recovery took."""

from __future__ import annotations

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, command, say, say_json, seconds, table, when


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "deployments", example="opsweave deployments")(deployments)


def deployments(data: Data, json: Json = False) -> None:
    """List deployments with the change fail rate and the failed deployment recovery time."""
    with connected(data) as client:
        found = client.get("deployments")
    if json:
        say_json(found)
        return
    table(
        ("at", "entity", "version", "failed", "recovered in", "incident"),
        [
            (
                when(item["change"]["at_ns"]),
                item["change"]["entity"],
                item["change"]["version_to"][:12],
                "yes" if item["failed"] else "rollback" if item["rollback"] else "no",
                seconds(item["recovery_s"]),
                item["incident"],
            )
            for item in found["items"]
        ],
        empty="No deployments were reported.",
    )
    figures = found["figures"]
    rate = figures["change_fail_rate"]
    say(
        f"{figures['deployments']} deployments, {figures['failed']} failed"
        f" (change fail rate {'no data' if rate is None else f'{rate:.1%}'}),"
        f" recovery time {seconds(figures['recovery_s']) or 'no data'}"
    )
