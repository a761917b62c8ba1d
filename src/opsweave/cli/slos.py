"""``opsweave slos``: objectives and their budgets."""

from __future__ import annotations

from typing import Any

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import Data, Json, command, say_json, seconds, table


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "slos", example="opsweave slos")(slos)


def slos(data: Data, json: Json = False) -> None:
    """List objectives with what is left of their budgets; no data is shown as -."""
    with connected(data) as client:
        found = client.get("slos")
    if json:
        say_json(found)
        return
    table(
        ("objective", "entity", "target", "window", "good", "budget left", "burn rate"),
        [_row(item["slo"], item["budget"]) for item in found["items"]],
        empty="No objectives: name them in slos.yaml of the folder given with up --config.",
    )


def _row(slo: dict[str, Any], budget: dict[str, Any]) -> tuple[Any, ...]:
    total, left = budget["total"], budget["remaining"]
    return (
        slo["name"],
        slo["entity"],
        f"{slo['target']:.2%}",
        seconds(slo["window_s"]),
        f"{budget['good'] / total:.3%}" if total else None,
        None if left is None else f"{left:.1%}",
        budget["burn_rate"],
    )
