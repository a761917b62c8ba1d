"""``opsweave query``: read-only SQL over telemetry."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, command, note, say_json, table

_EXAMPLE = 'opsweave query "select entity, count(*) as n from spans group by entity"'


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "query", example=_EXAMPLE)(query)


def query(
    data: Data,
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="One SELECT; tables: points, logs, spans, events.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many rows.")] = 100,
    json: Json = False,
) -> None:
    """Ask the telemetry store: one SELECT, at most 10 s. Times are nanoseconds since 1970."""
    with connected(data) as client:
        found = client.post("query", {"sql": sql, "limit": limit})
    if json:
        say_json(found)
        return
    columns = found["columns"]
    table(list(columns), zip(*columns.values(), strict=True), empty="No rows.")
    if found["truncated"]:
        note(f"only the first {found['rows']} rows are shown; --limit takes up to 10000")
