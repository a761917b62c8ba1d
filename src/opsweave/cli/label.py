"""``opsweave label``: say whether Opsweave was right."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, command, say, say_json


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(
        app, "label", example="opsweave label inc-2c9w1... right_cause --note 'seen in the log'"
    )(label)


def label(
    data: Data,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id.")],
    verdict: Annotated[
        str,
        typer.Argument(metavar="VERDICT", help="right_cause, wrong_cause, noise, merge or split."),
    ],
    other: Annotated[
        list[str] | None,
        typer.Option(help="merge: other incidents; split: alerts; repeatable."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why; kept with the label.")] = "",
    json: Json = False,
) -> None:
    """Judge an incident. The verdict is kept with who and when, and weighs from then on."""
    body = {"incident": incident, "verdict": verdict, "other": other or [], "note": note}
    with connected(data) as client:
        found = client.post("labels", body)
    if json:
        say_json(found)
    else:
        say(f"{found['id']}: {found['verdict']} for {found['incident']} by {found['by']}")
