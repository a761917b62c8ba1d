"""``opsweave demo``: a living company, a fault found, explained and undone."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opsweave.cli._common import EXIT_FAILED, Json, command, say_json, table

if TYPE_CHECKING:
    from opsweave.demo.observed import Observed

INTERRUPTED = 130
_EXAMPLE = """opsweave demo
opsweave demo --list
opsweave demo --fault latency-deploy --seed 2 --once --json
opsweave demo --calm 600 --json"""
_EXITS = {
    0: "recovered and verified; with --calm: no incident",
    1: "not recovered, or not verified; with --calm: an incident",
    INTERRUPTED: "interrupted before the outcome was known",
}


class Approve(StrEnum):
    """Who approves what Opsweave wants to do."""

    AUTO = "auto"
    ASK = "ask"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "demo", example=_EXAMPLE, exits=_EXITS)(demo)


def demo(  # noqa: PLR0913 - every option of the command
    *,
    fault: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to break; see --list.")
    ] = None,
    beside: Annotated[
        str | None,
        typer.Option("--and", metavar="NAME", help="Break this too, while the first is live."),
    ] = None,
    fault_spec: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A fault described in a file.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Varies names, target, strength, innocents.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="End after the recovery.")] = False,
    calm: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Break nothing for so long.")
    ] = None,
    approve: Annotated[
        Approve, typer.Option(help="auto: a recorded principal within policy; ask: you.")
    ] = Approve.AUTO,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep Opsweave's data here.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    list_: Annotated[bool, typer.Option("--list", help="Name the faults and end.")] = False,
    json: Json = False,
) -> None:
    """Watch the whole loop: a small company runs, something breaks, Opsweave undoes it.

    Starts Opsweave and a dozen real processes on this machine, reachable on loopback only, and
    ends them all. Without --once the company lives on until Ctrl-C.
    """
    if list_:
        _list(json)
        return
    from opsweave.demo.options import Options
    from opsweave.demo.present import presenter
    from opsweave.demo.runner import run_demo

    options = Options(
        fault=fault,
        beside=beside,
        spec=fault_spec,
        seed=seed,
        once=once,
        calm_s=calm,
        approve=approve.value,
        data=data.absolute() if data else None,
        port=port,
    )
    run = run_demo(options, presenter(options, say_json if json else None))
    if code := _exit_code(run, calm=calm is not None):
        raise typer.Exit(code)


def _list(json: bool) -> None:
    from opsweave.demo.faults import catalogue

    found = catalogue()
    if json:
        items = [{"name": one.name, "says": one.says, "slow": one.slow} for one in found]
        say_json({"faults": items})
        return
    rows = [(one.name, one.says, "slow" if one.slow else "") for one in found]
    table(("fault", "what it does", ""), rows, empty="no faults are installed")


def _exit_code(run: Observed, *, calm: bool) -> int:
    if run.interrupted:
        return INTERRUPTED
    if run.problem:
        return EXIT_FAILED
    fine = not run.incidents if calm else run.recovered()
    return 0 if fine else EXIT_FAILED
