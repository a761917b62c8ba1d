"""Ordinary log lines -> how surprising their rates and their order are, in nats. Evidence, never a
symptom: grave templates have series of their own, and nobody feels a line that is missing."""

from __future__ import annotations

import math
from collections import defaultdict

from opsweave.analysis.logs import TemplateRates, TemplateSequences

RATE_WIDTH_S = 15.0
"""Templates are counted over so long: at a few lines a minute five seconds say nothing."""
RARE = 0.01
"""An order is rare that surprises like one line in a hundred, by all lines that were seen."""
_AS_ONE = 2
"""A line in the wrong place makes those after it look wrong, too."""
MAX_TEMPLATES = 50
"""Per entity, whose rates were ever reported; more share one name."""


class LineSurprises:
    """Feed lines with ``observe``; ``close`` gives ``log_rate:TEMPLATE`` and ``log_order``."""

    def __init__(self) -> None:
        self._rates = TemplateRates(width_s=RATE_WIDTH_S)
        self._sequences = TemplateSequences()
        self._order: dict[str, tuple[int, int]] = {}
        """Entity -> its lines in the open bucket, and how many came in a rare order."""
        self._told: dict[str, set[str]] = defaultdict(set)
        self._held: dict[tuple[str, str], tuple[float, int]] = {}
        self._held_bucket = -1

    def observe(self, entity: str, template: str, ts_ns: int, *, grave: bool) -> None:
        """One line, in order of time; the rates of ``grave`` ones are judged elsewhere."""
        if not grave:
            self._rates.observe(entity, template, ts_ns)
        rare = self._sequences.observe(entity, template).rarer <= RARE
        lines, odd = self._order.get(entity, (0, 0))
        self._order[entity] = (lines + 1, odd + rare)

    def close(self, at_ns: int) -> dict[tuple[str, str], tuple[float, int]]:
        """(nats, lines) by (entity, indicator) of the bucket that ends at ``at_ns``.

        The rates are those of the last span that is over.
        """
        found = {
            (entity, "log_order"): (_nats(lines, odd), lines)
            for entity, (lines, odd) in self._order.items()
        }
        self._order = {}
        bucket = at_ns // int(RATE_WIDTH_S * 1e9)
        if bucket != self._held_bucket:
            self._held_bucket, self._held = bucket, {}
            for change in self._rates.close(at_ns):
                key = change.entity, self._indicator(change.entity, change.template)
                if change.nats > self._held.get(key, (0.0, 0))[0]:
                    self._held[key] = change.nats, max(1, change.lines)
        return found | self._held

    def _indicator(self, entity: str, template: str) -> str:
        told = self._told[entity]
        if template not in told and len(told) >= MAX_TEMPLATES:
            return "log_rate:other"
        told.add(template)
        return f"log_rate:{template}"

    def forget(self, entity: str) -> None:
        """``entity`` is not heard of any more."""
        self._told.pop(entity, None)

    def told(self) -> list[str]:
        """Entities whose rates were reported."""
        return list(self._told)


def _nats(lines: int, odd: int) -> float:
    """-ln of (a bound on) the chance of so many rare ones (Chernoff 1952; Hoeffding 1963).

    >>> _nats(20, 2), round(_nats(20, 12), 1)
    (0.0, 32.3)
    """
    share = max(0, odd - _AS_ONE) / lines
    if share <= RARE:
        return 0.0
    rest = (1.0 - share) * math.log((1.0 - share) / (1.0 - RARE)) if share < 1.0 else 0.0
    return lines * (share * math.log(share / RARE) + rest)
