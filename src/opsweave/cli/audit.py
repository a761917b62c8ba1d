"""``opsweave audit``: who decided and who acted, and whether the trail was altered."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, Limit, command, group, say, say_json, table, when


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "audit", "The audit trail: who decided and who acted, as a chain of hashes.")
    command(made, "list", example="opsweave audit list --limit 20")(list_)
    command(made, "verify", example="opsweave audit verify --json")(verify)


def list_(data: Data, limit: Limit = 50, json: Json = False) -> None:
    """List what was decided and done, newest first."""
    with connected(data) as client:
        found = client.get("audit", limit=limit)
    if json:
        say_json(found)
        return
    table(
        ("number", "at", "principal", "verb", "object", "says"),
        [
            (e["number"], when(e["at_ns"]), e["principal"], e["verb"], e["object"], e["says"])
            for e in found["items"]
        ],
        empty="Nothing was decided or done yet.",
    )


def verify(
    data: Data,
    head: Annotated[
        str | None,
        typer.Option(metavar="NUMBER:HASH", help="A head shown before: it must still be there."),
    ] = None,
    json: Json = False,
) -> None:
    """Recompute the chain; ends with 1 when an entry does not fit.

    Keep the head that it shows elsewhere: given later, it shows a trail that was cut or rewritten.
    """
    with connected(data) as client:
        found = client.get("audit/verify", head=head)
    if json:
        say_json(found)
    elif found["intact"]:
        say(f"{found['entries']} entries, each fits the one before it; head {found['head'] or '-'}")
    else:
        say(f"entry {found['first_broken']} of {found['entries']} does not fit: altered or lost")
    if not found["intact"]:
        raise typer.Exit(1)
