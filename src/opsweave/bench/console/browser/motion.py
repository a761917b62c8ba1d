"""How smooth a page stays while news arrive."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import cycle, pairwise
from time import monotonic

from opsweave.bench.console.browser.measured import Smooth
from opsweave.bench.console.browser.places import Places
from opsweave.bench.console.browser.seat import Seat

SECONDS = 10.0
EACH_MS = 250
"""Between two deeds that others are told of."""
COUNT = """(seconds) => {
  window.frames = [];
  window.counted = false;
  const until = performance.now() + 1000 * seconds;
  const next = (at) => {
    window.frames.push(at);
    if (at < until) requestAnimationFrame(next);
    else window.counted = true;
  };
  requestAnimationFrame(next);
}"""


def smooth(tab: Seat, places: Places, path: str, name: str, seconds: float = SECONDS) -> Smooth:
    """Incidents are acknowledged and given away four times a second, as by other people."""
    tab.open(path)
    tab.page.mouse.move(1, 1)  # what is under the pointer is not touched
    asked = len(tab.asked)
    deeds = _deeds(places)
    tab.page.evaluate(COUNT, seconds)
    end = monotonic() + seconds
    while monotonic() < end:
        next(deeds)
        tab.page.wait_for_timeout(EACH_MS)
    tab.page.wait_for_function("() => window.counted")
    at: list[float] = tab.page.evaluate("window.frames")
    gaps = [later - earlier for earlier, later in pairwise(at)]
    return Smooth(
        name=name,
        seconds=seconds,
        per_second=round(1e3 * len(gaps) / (at[-1] - at[0]), 1),
        p95_ms=round(statistics.quantiles(gaps, n=20)[-1], 1),
        worst_ms=round(max(gaps), 1),
        news=sum("widget=" in address for address in tab.asked[asked:]),
    )


def _deeds(places: Places) -> Iterator[None]:
    ids = [str(row["id"]) for row in places.rows("incidents", "incidents")]
    for id_, verb in zip(cycle(ids), cycle(("acknowledge", "assign")), strict=False):
        places.post("incidents/actions", {"verb": verb, "ids": [id_]})
        yield
