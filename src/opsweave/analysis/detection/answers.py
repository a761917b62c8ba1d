"""What can be asked of the detector between two frames: strengths, onsets, bands, histories."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.detection import episodes, judge
from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.episodes import Episode
from opsweave.analysis.detection.table import Floats, Ints, Table
from opsweave.analysis.signal import SeriesKey

_STRENGTH_BUCKETS = 3


class Answers:
    """Reads the table and the episodes; nothing here changes them."""

    def __init__(self, config: DetectorConfig) -> None:
        self.config = config
        self._table = Table(config.ring, config.max_series, config.season_slots)
        self._episodes: dict[int, Episode] = {}

    def strengths(self) -> dict[SeriesKey, tuple[float, int]]:
        """Every series with a baseline: (signed mean distance over the last three buckets, onset).

        The onset is that of the episode, else of the present excursion beyond half the band.
        """
        table = self._table
        found = {}
        columns = table.columns(0, _STRENGTH_BUCKETS - 1)
        for key, row in table.rows.items():
            scores = table.scores[row, columns]
            scores = scores[np.isfinite(scores)]
            if not len(scores):
                continue
            strength = float(scores.mean())
            episode = self._episodes.get(row)
            if episode is not None:
                strength = max(abs(strength), episode.peak if episode.ramp else 0.0)
                found[key] = (strength * episode.direction, episode.since_ns)
            else:
                sign = 1 if strength >= 0 else -1
                found[key] = (strength, episodes.onset(table, row, self.config.band, sign)[0])
        return found

    def jump(self, key: SeriesKey, since_ns: int) -> int:
        """Start of the bucket at which the excursion that began by ``since_ns`` changed most.

        The split of the scores since shortly before that explains most of their variance (Scott and
        Knott, 1974), on a scale that grows like a logarithm, so that a small stir before the
        jump does not count as its beginning.
        """
        row = self._table.rows.get(key)
        if row is None:
            return since_ns
        columns = self._table.columns(0, self.config.ring - 1)
        starts = self._table.times[columns] - self._table.width_ns
        scores = np.abs(self._table.scores[row, columns])
        held = np.isfinite(scores) & (starts >= since_ns - 4 * self._table.width_ns)
        return episodes.split(starts[held], scores[held], since_ns)

    def history(self, key: SeriesKey) -> tuple[Ints, Floats]:
        """(ends of the buckets in ns, values) of one series, oldest first, without gaps."""
        row = self._table.rows.get(key)
        if row is None:
            return np.zeros(0, np.int64), np.zeros(0)
        columns = self._table.columns(0, self.config.ring - 1)
        values = self._table.values[row, columns]
        held = np.isfinite(values)
        return self._table.times[columns][held], values[held]

    def since(self, key: SeriesKey) -> int | None:
        """Onset of the active episode of ``key``, if there is one."""
        row = self._table.rows.get(key)
        episode = self._episodes.get(row) if row is not None else None
        return episode.since_ns if episode else None

    def band(self, key: SeriesKey) -> tuple[float, float, float] | None:
        """(expected, low, high) now; None while there is no baseline."""
        row = self._table.rows.get(key)
        if row is None or not np.isfinite(self._table.number("level")[row]):
            return None
        band = judge.band_of(self._table, self.config)
        return float(band.expected[row]), float(band.low[row]), float(band.high[row])

    def in_band(self, entity: str, indicator: str) -> tuple[bool | None, str]:
        """Whether the newest bucket of (entity, indicator), over all peers, is inside its band.

        None when there is no data of the last three buckets or no baseline. With one sentence.
        """
        table = self._table
        rows = [r for k, r in table.rows.items() if k[:2] == (entity, indicator)]
        columns = table.columns(0, 2)
        judged = [r for r in rows if np.isfinite(table.scores[r, columns]).any()]
        if not judged:
            return None, f"no recent data with a baseline for {indicator} of {entity}"
        active = [r for r in judged if r in self._episodes or table.breach[r, columns[-1]]]
        band = judge.band_of(table, self.config)
        row = (active or judged)[0]
        recent = table.values[row, columns]
        seen = episodes.amount(float(recent[np.isfinite(recent)][-1]), table.specs[row])
        high = episodes.amount(float(band.high[row]), table.specs[row])
        where = "outside" if active else "inside"
        return not active, f"{indicator} of {entity} is {seen}, {where} its band (up to {high})"

    def series(self) -> list[SeriesKey]:
        """All series held, also those without recent data."""
        return list(self._table.rows)

    def active(self) -> list[SeriesKey]:
        """Series with an active episode."""
        return [key for row in self._episodes if (key := self._table.keys[row]) is not None]

    def stats(self) -> dict[str, int]:
        """Series held and refused, and frames seen."""
        table = self._table
        return {"series": len(table.rows), "refused": table.refused, "frames": table.frames}
