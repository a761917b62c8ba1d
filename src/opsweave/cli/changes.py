"""``opsweave changes``: what somebody altered."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, Limit, Since, command, say_json, table, when


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "changes", example="opsweave changes --entity service:prod/shop/cart")(changes)


def changes(
    data: Data,
    limit: Limit = 50,
    since: Since = None,
    entity: Annotated[
        str | None, typer.Option(help="Only of this one: kind:environment/namespace/name.")
    ] = None,
    json: Json = False,
) -> None:
    """List changes (deployments, configuration, flags, data, models), newest first."""
    with connected(data) as client:
        found = client.get("changes", limit=limit, since=since, entity=entity)
    if json:
        say_json(found)
        return
    table(
        ("at", "kind", "entity", "author", "summary", "id"),
        [
            (
                when(change["at_ns"]),
                change["kind"],
                change["entity"],
                change["author"],
                change["summary"],
                change["id"],
            )
            for change in found["items"]
        ],
        empty="No changes were reported.",
    )
