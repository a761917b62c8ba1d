"""``opsweave ledger``: is every payload accounted for, and what could not be parsed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import (
    EXIT_FAILED,
    Data,
    Json,
    Limit,
    command,
    group,
    say,
    say_json,
    table,
)

_COUNTS = ("received", "stored", "deduplicated", "generic", "refused", "pending", "lost")


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(
        app, "ledger", "The ledger of raw payloads: verify, replay, show what is unparsed."
    )
    command(
        made,
        "verify",
        example="opsweave ledger verify --json",
        exits={1: "something is lost or damaged"},
    )(verify)
    command(
        made,
        "replay",
        example="opsweave ledger replay --reason 'no integration reads'",
        exits={1: "some records still cannot be used"},
    )(replay)
    command(made, "show-unparsed", example="opsweave ledger show-unparsed --limit 20")(unparsed)


def verify(data: Data, json: Json = False) -> None:
    """Check every checksum, and that each payload received has exactly one outcome."""
    with connected(data) as client:
        found = client.get("ledger/verify")
    if json:
        say_json(found)
    else:
        table(("payloads", "n"), [(name, found[name]) for name in _COUNTS], empty="")
        say(f"{found['readable']} records are readable")
        for says in found["damaged"]:
            say(f"damaged: {says}")
    if found["lost"] or found["damaged"]:
        raise typer.Exit(EXIT_FAILED)


def replay(
    data: Data,
    seq: Annotated[
        list[int] | None, typer.Option(help="Only this record; repeatable. Else all.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only records whose reason contains this.")
    ] = None,
    json: Json = False,
) -> None:
    """Parse refused and generic payloads again, after a fix; those now usable are stored."""
    body: dict[str, Any] = {"seqs": seq or None, "reason": reason}
    with connected(data) as client:
        found = client.post("ledger/replay", body)
    if json:
        say_json(found)
    else:
        say(f"{found['tried']} tried, {found['now_stored']} now stored")
        table(
            ("seq", "still unusable"),
            [(item["seq"], item["reason"]) for item in found["still"]],
            empty="none is left",
        )
    if found["still"]:
        raise typer.Exit(EXIT_FAILED)


def unparsed(data: Data, limit: Limit = 50, json: Json = False) -> None:
    """Payloads that could not be used, wholly or in part: why, and how they begin (masked)."""
    with connected(data) as client:
        found = client.get("ledger/unparsed", limit=limit)
    if json:
        say_json(found)
        return
    table(
        ("seq", "door", "outcome", "reason", "begins"),
        [
            (item["seq"], item["door"], item["outcome"], item["reason"], item.get("preview", ""))
            for item in found["items"]
        ],
        empty="Everything that arrived was understood.",
    )
