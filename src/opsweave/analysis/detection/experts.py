"""The shelf in the loop: what its ensemble expects of each series, as level and spread of a table.

The ensemble (`shelf`) says what it expects, how far a value may lie from that before it spends the
budget of surprises, and whether it is surprised; the indicator's kind stays the gate: which
direction hurts, the least scale, the smallest deviation that matters, patience. Series whose kind
knows more than their values are not asked: ratios with counts, shares that users feel, presence.

While a series is odd, the ensemble as it was before is kept: it says what is expected, and when
the series comes back, the trouble is forgotten; when it stays, what was learned meanwhile holds.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.indicators import Kind
from opsweave.analysis.detection.season import scaled
from opsweave.analysis.detection.shelf import ensemble
from opsweave.analysis.detection.shelf.ensemble import DAY_S, STUCK
from opsweave.analysis.detection.shelf.found import SAYS
from opsweave.analysis.detection.shelf.plain import PlainScorer, blank, twin
from opsweave.analysis.detection.shelf.score import REASONS
from opsweave.analysis.detection.table import Bools, Floats, Ints, Table

KINDS = (Kind.LEVEL, Kind.SHARE, Kind.SIZE, Kind.LATENCY, Kind.RATE)
_PLAIN = ("", "fast level", "slow level", "trend")
"""Reasons that *seen* and *expected* say already."""


class Experts:
    """One state of the ensemble for each row of the table. Judge with :meth:`expect`, then say with
    :meth:`settle` what came of it."""

    def __init__(self) -> None:
        self._live = PlainScorer()
        self._kept: dict[int, Any] = {}
        """Row -> its state before it became odd."""
        self._judged: Ints = np.zeros(0, np.int64)
        self.known: Bools = np.zeros(0, np.bool_)
        """Rows for which the ensemble speaks; the others are too young or of another kind."""
        self.surprised: Ints = np.zeros(0, np.int64)
        """Per row +1 or -1 when an expert is surprised by the newest value, else 0."""
        self._reason: Ints = np.zeros(0, np.int64)
        """Who is, as an index of `shelf.score.REASONS`; -1 for nobody."""

    def expect(self, table: Table, config: DetectorConfig) -> None:
        """Judge the newest column and learn it; level and spread of the known rows are set."""
        size, at_ns = table.size, int(table.times[table.column])
        self._live.states.extend(blank() for _ in range(size - len(self._live.states)))
        self.known = np.append(self.known, np.zeros(size - len(self.known), np.bool_))
        self.surprised, self._reason = np.zeros(size, np.int64), np.full(size, -1)
        rows = self._judged = self._asked(table)
        values = scaled(table, rows, table.lows[rows, table.column])
        felt = [table.specs[row].symptom for row in rows]
        share = np.where(felt, config.symptom_surprising, config.surprising)
        budgets = share * (DAY_S * 1e9 / table.width_ns)
        times = np.full(len(rows), at_ns)
        said = self._live.step_rows(rows.tolist(), times, values, budgets)
        expected, upper = said.expected, said.upper
        odd = [i for i, row in enumerate(rows.tolist()) if row in self._kept]
        if odd:
            before = self._before(rows[odd].tolist(), times[odd], values[odd], budgets[odd])
            expected[odd], upper[odd] = before
        reach = upper - expected
        self.known[rows] = np.isfinite(reach)
        sure = np.flatnonzero(self.known[rows])
        _set(table, rows[sure], expected[sure], reach[sure] / config.band)
        side = np.sign(values - said.expected)
        side[said.reason == STUCK] = -1
        loud = self.known[rows] & (said.anomaly | said.beyond)
        self.surprised[rows] = np.where(loud, side, 0)
        self._reason[rows] = np.where(loud, said.reason, -1)

    def _asked(self, table: Table) -> Ints:
        felt = np.array([s.kind is Kind.SHARE and s.symptom for s in table.specs], np.bool_)
        kinds = np.isin(table.kind[: table.size], KINDS)
        present = np.isfinite(table.lows[: table.size, table.column])
        return np.flatnonzero(kinds & present & ~felt)

    def _before(
        self, rows: list[int], times: Ints, values: Floats, budgets: Floats
    ) -> tuple[Floats, Floats]:
        """(expected, upper) by the states before the trouble, which do not learn it."""
        past = PlainScorer()
        past.states = [twin(self._kept[row]) for row in rows]
        said = past.step_rows(range(len(rows)), times, values, budgets)
        for row, time in zip(rows, times.tolist(), strict=True):
            self._kept[row].clock.last = time * 1e-9
        return said.expected, said.upper

    def settle(self, odd: Bools, believed: Bools, episodes: Collection[int]) -> None:
        """Keep the past of rows that are odd now; forget what was odd of those that are back."""
        for row in self._judged.tolist():
            if row in episodes or (odd[row] and not believed[row]):
                if row not in self._kept:
                    self._kept[row] = twin(self._live.states[row])
            elif row in self._kept:
                before = self._kept.pop(row)
                if odd[row]:
                    continue
                live = self._live.states[row]
                before.budget, before.clock.n = live.budget, live.clock.n
                self._live.states[row] = before

    def says(self, row: int) -> str:
        """What is odd about the row's newest value, where the value itself does not show it."""
        who = REASONS[self._reason[row]] if self._reason[row] >= 0 else ""
        return SAYS[who] if who not in _PLAIN else ""

    def adopt(self, row: int) -> None:
        """The row's new level is its normal one: the ensemble begins anew with it."""
        self._kept.pop(row, None)
        if self.known[row]:
            ensemble.restart(self._live.states[row])
            self.known[row] = False

    def forget(self, row: int) -> None:
        """The row was given back."""
        self._kept.pop(row, None)
        if row < len(self._live.states):
            self._live.states[row], self.known[row] = blank(), False

    def dump(self) -> dict[str, Any]:
        """Plain data for msgpack."""
        kept = PlainScorer()
        kept.states = list(self._kept.values())
        return {
            "live": self._live.to_bytes(),
            "rows": list(self._kept),
            "kept": kept.to_bytes(),
            "known": self.known.tobytes(),
        }

    def load(self, data: dict[str, Any]) -> None:
        """Take up what :meth:`dump` gave; RejectInput when it is of another version."""
        self._live = PlainScorer.from_bytes(data["live"])
        kept = PlainScorer.from_bytes(data["kept"]).states
        self._kept = dict(zip(data["rows"], kept, strict=True))
        self.known = np.frombuffer(data["known"], np.bool_).copy()


def _set(table: Table, rows: Ints, level: Floats, spread: Floats) -> None:
    """Never narrower than the kind's floor."""
    relative, absolute = table.number("relative")[rows], table.number("absolute")[rows]
    plain = np.maximum(relative * np.abs(level), absolute)
    floor = np.where(table.log_rows()[rows], relative, plain)
    table.number("level")[rows] = level
    table.number("spread")[rows] = np.maximum(spread, np.maximum(floor, 1e-9))
