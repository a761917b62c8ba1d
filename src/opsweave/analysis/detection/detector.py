"""The streaming detector: frames of signals in, deviations out. Pure, deterministic, bounded."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from opsweave.analysis.detection import baseline, episodes, judge
from opsweave.analysis.detection.answers import Answers
from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.episodes import Episode
from opsweave.analysis.detection.experts import Experts
from opsweave.analysis.detection.indicators import RESTARTS, Kind
from opsweave.analysis.detection.ramp import ramps
from opsweave.analysis.detection.season import learn_season
from opsweave.analysis.detection.table import Bools, Floats, Ints
from opsweave.analysis.signal import Deviation, Frame
from opsweave.kernel.errors import RejectInput

STATE_VERSION = 2
_LEAST_BAD = 3


class Detector(Answers):
    """Learns what is expected of each series and reports episodes outside of that.

    Feed frames in order of time; one that is not newer than the last is ignored. Not thread-safe.
    """

    def __init__(self, config: DetectorConfig | None = None) -> None:
        super().__init__(config or DetectorConfig())
        self._experts = Experts()
        self._restarted = -self.config.ring
        """Frame in which a process was last seen to have been started."""

    def step(self, frame: Frame) -> list[Deviation]:
        """Deviations active at this frame, then those that it ended (``active=False``)."""
        table = self._table
        if table.frames and frame.at_ns <= int(table.times[table.column]):
            return []
        table.advance(frame.at_ns, frame.width_ns)
        self._write(frame)
        self._forget(table.forget_silent())
        if not table.size:
            return []
        self._experts.expect(table, self.config)
        baseline.learn(table, self.config, self._experts.known)
        verdicts = judge.judge(table, self.config, self._experts.surprised)
        ramping, growth, span = ramps(table, self.config)
        column, size = table.column, table.size
        table.scores[:size, column] = verdicts.strength
        table.breach[:size, column] = verdicts.outside
        ended = self._continue(verdicts.outside, ramping)
        self._begin(verdicts.outside, ramping, span)
        present = np.isfinite(table.values[:size, column])
        present[list(self._episodes)] = False
        table.learn[:size, column] = present & ~verdicts.outside
        self._unlearn(verdicts)
        learn_season(table, self.config)
        return self._report(growth) + ended

    def _forget(self, rows: list[int]) -> None:
        """Rows that were given back have neither a past nor an episode any more."""
        for row in rows:
            self._experts.forget(row)
            self._episodes.pop(row, None)

    def _write(self, frame: Frame) -> None:
        table = self._table
        column = table.column
        for key, value in frame.values.items():
            if not np.isfinite(value):
                continue
            row = table.row(key, frame.units.get(key.indicator, ""))
            if row is None:
                continue
            if key.indicator == RESTARTS and value > 0:
                self._restarted = table.frames
            if table.seen[row] == 0 and table.specs[row].zero_when_absent:
                self._backfill(row)
            table.values[row, column] = value
            table.lows[row, column] = min(value, frame.lows.get(key, value))
            table.counts[row, column] = frame.counts.get(key, 1)
            table.seen[row] += 1
            table.last[row] = table.frames
        zero = [
            row
            for row, spec in enumerate(table.specs)
            if spec.zero_when_absent and table.keys[row] and table.last[row] != table.frames
        ]
        if frame.values and zero:
            table.values[zero, column] = table.lows[zero, column] = 0.0
            table.seen[zero] += 1

    def _backfill(self, row: int) -> None:
        """A record that never came before was 0 as long as we have watched its entity."""
        table = self._table
        key = table.key(row)
        kin = [r for k, r in table.rows.items() if k.entity == key.entity and r != row]
        if not kin:
            return
        watched: Bools = np.asarray(np.isfinite(table.values[kin]).any(axis=0))
        watched[table.column] = False
        table.values[row, watched] = table.lows[row, watched] = 0.0
        table.learn[row, watched] = True
        table.seen[row] = int(watched.sum())

    def _unlearn(self, verdicts: judge.Verdicts) -> None:
        """Do not learn a run of buckets beyond half the band on the side that hurts: a slow ramp
        would widen its own band. After ``doubt`` buckets the run is believed."""
        table, config = self._table, self.config
        strength = verdicts.strength
        side = table.direction[: table.size]
        with np.errstate(invalid="ignore"):
            odd = (side != 0) & (strength * side >= config.band / 2.0)
        run = table.odd[: table.size]
        run[:] = np.where(odd, run + 1, np.where(np.isnan(strength), run, 0))
        doubtful = np.flatnonzero((run >= 2) & (run <= config.doubt))
        table.learn[doubtful, table.column] = False
        first = np.flatnonzero(run == 2)
        table.learn[first, (table.column - 1) % table.ring] = False
        self._experts.settle(odd | verdicts.outside, run > config.doubt, self._episodes)

    def _continue(self, outside: Bools, ramping: Bools) -> list[Deviation]:
        """Move every active episode on by one bucket; those that end are returned."""
        ended = []
        table, config = self._table, self.config
        present = np.isfinite(table.values[: table.size, table.column])
        for row, episode in list(self._episodes.items()):
            if not present[row]:
                episode.absent += 1
            elif outside[row] or ramping[row]:
                episode.clean = episode.absent = 0
                episode.buckets += 1
            else:
                episode.clean, episode.absent = episode.clean + 1, 0
            age = table.frames - episode.began
            limit = config.adopt if table.specs[row].symptom else config.adopt // 3
            why = ""
            if episode.clean >= config.clean:
                why = "back inside the band"
            elif episode.absent >= config.silent:
                why = "no more data"
            elif age >= limit:
                why = "taken as the new normal"
                table.learn[row, :] |= np.isfinite(table.values[row])
                self._experts.adopt(row)
            if why:
                ended.append(self._deviation(row, active=False, why=why))
                del self._episodes[row]
        return ended

    def _begin(self, outside: Bools, ramping: Bools, span: Ints) -> None:
        table, config = self._table, self.config
        confirmed = self._confirmed(outside)
        for row in np.flatnonzero(confirmed | ramping).tolist():
            if row in self._episodes:
                continue
            if confirmed[row]:
                sign = 1 if table.scores[row, table.column] > 0 else -1
                since, buckets = episodes.onset(table, row, config.band, sign)
                if table.specs[row].kind is Kind.PRESENCE:
                    since = self._last_heard(row, since)
                self._episodes[row] = Episode(
                    since_ns=since, began=table.frames, direction=sign, buckets=buckets
                )
            else:
                since = int(table.times[span[0]]) - table.width_ns
                self._episodes[row] = Episode(
                    since_ns=since, began=table.frames, direction=1, ramp=True, buckets=len(span)
                )

    def _last_heard(self, row: int, since: int) -> int:
        """Silence begins with the first bucket in which no series of the entity had data."""
        table = self._table
        key = table.keys[row]
        kin = [r for k, r in table.rows.items() if key and k.entity == key.entity and r != row]
        kin = [r for r in kin if not table.specs[r].zero_when_absent]
        heard = np.isfinite(table.values[kin]).any(axis=0)
        ends = table.times[heard & (table.times <= since)]
        return int(ends.max()) if len(ends) else since

    def _confirmed(self, outside: Bools) -> Bools:
        """Outside now, and often enough in the last buckets; ratios with enough bad records."""
        table, size = self._table, self._table.size
        patient = table.frames - self._restarted <= self.config.grace
        more = self.config.patience if patient else 0
        # A silence of two buckets has outlasted any restart already.
        needs = np.array([s.need + more * (s.symptom and s.need > 2) for s in table.specs])
        confirmed = np.zeros(size, np.bool_)
        for need in np.unique(needs).tolist():
            columns = table.columns(0, need)
            hits = table.breach[:size][:, columns].sum(axis=1)
            confirmed |= (needs == need) & (hits >= need)
        ratios = table.kind[:size] == Kind.RATIO
        if ratios.any():
            strength, bad, rise = judge.pooled(table, 4)
            enough = (bad >= _LEAST_BAD - 0.5) & (strength >= self.config.band)
            confirmed &= ~ratios | (enough & (rise >= table.number("rise")))
        return np.asarray(confirmed & outside, np.bool_)

    def _report(self, growth: Floats) -> list[Deviation]:
        table = self._table
        band = judge.band_of(table, self.config)
        found = []
        for row, episode in self._episodes.items():
            value = float(table.values[row, table.column])
            if np.isfinite(value):
                score = float(table.scores[row, table.column])
                now = max(abs(score) if np.isfinite(score) else 0.0, float(growth[row]))
                episode.peak = max(episode.peak, now)
                episode.seen = value
                episode.says = self._experts.says(row) or episode.says
                episode.records += int(table.counts[row, table.column])
                if not episode.ramp or episode.expected == 0.0:
                    episode.expected = float(band.expected[row])
                episode.low, episode.high = float(band.low[row]), float(band.high[row])
            found.append(self._deviation(row, active=True))
        return found

    def _deviation(self, row: int, *, active: bool, why: str = "") -> Deviation:
        table, episode = self._table, self._episodes[row]
        key = table.key(row)
        says = episodes.reason(key.indicator, table.specs[row], episode)
        return Deviation(
            key=key,
            at_ns=int(table.times[table.column]),
            since_ns=episode.since_ns,
            seen=episode.seen,
            expected=episode.expected,
            low=episode.low,
            high=episode.high,
            score=episodes.score_of(episode.peak, self.config.band),
            strength=episode.peak,
            direction=episode.direction,
            active=active,
            reason=f"{says}: {why}" if why else says,
            n=episode.records,
        )

    def stats(self) -> dict[str, int]:
        """Series held, those of them for which the shelf speaks, series refused, frames seen."""
        return super().stats() | {"by_shelf": int(self._experts.known.sum())}

    def state(self) -> bytes:
        """Everything learned, as msgpack."""
        data: dict[str, Any] = {
            "version": STATE_VERSION,
            "shape": [self.config.ring, self.config.season_slots],
            "restarted": self._restarted,
            "table": self._table.dump(),
            "experts": self._experts.dump(),
            "episodes": {row: msgspec.to_builtins(e) for row, e in self._episodes.items()},
        }
        return msgspec.msgpack.encode(data)

    def restore(self, state: bytes) -> None:
        """Take up :meth:`state`. RejectInput when it is not one of this version and ring."""
        try:
            data = msgspec.msgpack.decode(state, type=dict[str, Any], strict=False)
        except msgspec.DecodeError as error:
            raise RejectInput(f"not a detector's state: {error}", field="state") from error
        shape = [self.config.ring, self.config.season_slots]
        if (data.get("version"), data.get("shape")) != (STATE_VERSION, shape):
            raise RejectInput(
                "state of another version or shape", field="state", action="start afresh"
            )
        self._restarted = data["restarted"]
        self._table.load(data["table"])
        self._experts.load(data["experts"])
        self._episodes = {
            int(row): msgspec.convert(e, Episode) for row, e in data["episodes"].items()
        }
