"""``opsweave evidence``: the records behind a number or a claim."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, command, group, say, say_json, table, when

_WIDE = frozenset({"attributes", "body", "bounds", "buckets", "trace_id", "span_id", "parent_id"})


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "evidence", "Evidence: the records behind a number or a claim.")
    example = "opsweave evidence show 'change:state:cart-deployment-1f@1'"
    command(made, "show", example=example)(show)


def show(
    data: Data,
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="As `opsweave incidents show --json` names it.")
    ],
    json: Json = False,
) -> None:
    """The records an evidence id stands for, or that they have expired."""
    with connected(data) as client:
        found = client.get("evidence", id=id_)
    if json:
        say_json(found)
        return
    say(f"{found['status']}: {found['says']}")
    records = found["records"]
    if not records:
        return
    names = [name for name in records[0] if name not in _WIDE][:8]
    rows = [tuple(_cell(name, one[name]) for name in names) for one in records]
    table(tuple(names), rows, empty="No records.")


def _cell(name: str, value: object) -> object:
    timed = isinstance(value, int) and (name == "ts" or name.endswith("_ns"))
    return when(value) if timed and isinstance(value, int) else value
