"""Makes the company, asks everything, and says what it took."""

from __future__ import annotations

import os
from pathlib import Path

from opsweave.bench.console.asked import api
from opsweave.bench.console.make import Progress, make
from opsweave.bench.console.page import Report
from opsweave.bench.console.size import Size
from opsweave.bench.console.timing import ROUNDS, timed
from opsweave.bench.machine import machine
from opsweave.kernel.clock import Clock, iso


def run(root: Path, size: Size, clock: Clock, tell: Progress, rounds: int = ROUNDS) -> Report:
    """A new folder at ``root``; it stays, for a server and a browser to look at."""
    made = make(root, size, clock, tell)
    with api(root, clock) as asked:
        found = timed(asked, size, rounds)
    return Report(
        at=iso(clock.now_ns()) or "",
        machine=machine(),
        size=size,
        facts=made.facts,
        rows=made.rows,
        timed=found,
        load=os.getloadavg()[0],
    )
