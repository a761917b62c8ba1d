"""``opsweave bench browser``: how fast and smooth the console is where people see it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opsweave.cli._common import Json, note, say, say_json


def browser(
    *,
    data_dir: Annotated[
        Path, typer.Option("--data-dir", metavar="DIR", help="A new data folder for it; it stays.")
    ],
    big: Annotated[
        bool,
        typer.Option("--big", help="10,000 alerts in one incident, 5,000 incidents."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write console-browser.json and console-browser.md there."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Time the console in Chromium: pages from nothing, frames, lists, actions.

    Needs playwright (in the extra ``test``) and Chromium on the path, or where OPSWEAVE_CHROMIUM
    says.
    """
    import msgspec

    from opsweave.bench.console.browser.run import run
    from opsweave.bench.console.browser.told import told, write
    from opsweave.bench.console.size import BIG, USUAL
    from opsweave.cli.bench import progress
    from opsweave.kernel.clock import SystemClock

    with progress() as tell:
        report = run(data_dir, BIG if big else USUAL, SystemClock(), tell)
    if out is not None:
        for path in write(report, out):
            note(f"written: {path}")
    if json:
        say_json(msgspec.to_builtins(report))
        return
    for line in told([report]).splitlines():
        say(line)
