"""What somebody writes who has arrays and log lines, and no server. Checked by mypy, and run."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection import Detector, DetectorConfig, detect
from opsweave.analysis.logs import LogNovelty, TemplateMiner, mask
from opsweave.analysis.signal import Deviation, Frame, SeriesKey

SECOND = 1_000_000_000


def slow_from(latencies_ms: list[float]) -> list[tuple[int, str]]:
    """Where a series of latencies leaves what was expected of it, and why we think so."""
    episodes = detect(np.asarray(latencies_ms), indicator="latency_p95", width_s=5.0)
    return [(episode.first, episode.reason) for episode in episodes]


def watch(key: SeriesKey, values: list[float]) -> list[Deviation]:
    """The same, streaming, for a series that somebody names."""
    detector = Detector(DetectorConfig())
    found: list[Deviation] = []
    for i, value in enumerate(values):
        frame = Frame(
            at_ns=(i + 1) * 5 * SECOND, width_ns=5 * SECOND, values={key: value}, counts={key: 50}
        )
        found.extend(detector.step(frame))
    return found


def new_lines(lines: list[tuple[int, str]], since_ns: int, until_ns: int) -> dict[str, int]:
    """Templates that are new since ``since_ns``, with their counts."""
    miner, novelty = TemplateMiner(), LogNovelty()
    for at_ns, line in lines:
        template = miner.add(line)
        novelty.observe("service:-/-/mine", template.id, template.text, 17, at_ns, mask(line))
    return {found.text: found.n for found in novelty.novel(since_ns, until_ns)}
