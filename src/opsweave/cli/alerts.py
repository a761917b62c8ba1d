"""``opsweave alerts``: what deviates."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, Limit, Since, command, say_json, table, when


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "alerts", example="opsweave alerts --status firing")(alerts)


def alerts(
    data: Data,
    limit: Limit = 50,
    since: Since = None,
    status: Annotated[str | None, typer.Option(help="firing or resolved.")] = None,
    json: Json = False,
) -> None:
    """List alerts, our own and foreign, newest first."""
    with connected(data) as client:
        found = client.get("alerts", limit=limit, since=since, status=status)
    if json:
        say_json(found)
        return
    table(
        ("status", "severity", "entity", "indicator", "started", "source", "says"),
        [
            (
                alert["status"],
                alert["severity"],
                alert["entity"],
                alert["indicator"],
                when(alert["started_ns"]),
                alert["source"],
                alert["says"],
            )
            for alert in found["items"]
        ],
        empty="No alerts.",
    )
