"""Makes the company, serves it, and looks at it."""

from __future__ import annotations

import os
from pathlib import Path

from opsweave.bench.console.browser import hands, motion
from opsweave.bench.console.browser.chromium import browser, launched
from opsweave.bench.console.browser.measured import Report
from opsweave.bench.console.browser.seat import seat
from opsweave.bench.console.browser.served import served
from opsweave.bench.console.browser.visits import Visits, pages
from opsweave.bench.console.make import Progress, make
from opsweave.bench.console.size import Size
from opsweave.bench.machine import machine
from opsweave.kernel.clock import Clock, iso

ROUNDS = 5


def run(
    root: Path,
    size: Size,
    clock: Clock,
    tell: Progress,
    rounds: int = ROUNDS,
    seconds: float = motion.SECONDS,
) -> Report:
    """A new folder at ``root``; it stays. RejectInput when there is no browser."""
    with browser() as warm:
        make(root, size, clock, tell)
        before = os.getloadavg()[0]
        with served(root) as (url, session, places):
            visits = Visits(warm.browser_type, url, session)
            found, light = pages(visits, places, rounds, lambda path: tell(path, 0, 0))
            largest = places.largest()
            with launched(warm.browser_type) as hot, seat(hot, url, session) as tab:
                found += hands.lists(tab, largest)
                smooth = [
                    motion.smooth(tab, places, path, name, seconds)
                    for path, name in (("", "overview"), (largest, "incident page"))
                ]
                found += hands.actions(tab, largest)
        return Report(
            at=iso(clock.now_ns()) or "",
            machine=machine(),
            load=(round(before, 1), round(os.getloadavg()[0], 1)),
            browser=warm.version,
            size=size,
            timed=found,
            smooth=smooth,
            overview_kb=round(light, 1),
            whole_kb=round(sum(visits.weights.values()), 1),
            elsewhere=visits.elsewhere,
        )
