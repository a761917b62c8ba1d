"""Facets of a table and how many rows it has, from one pass over the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opsweave.facts import Fact
from opsweave.pages import Facet, FacetValue
from opsweave.record.state import StateStore, Where

MOST_VALUES = 25


class By(NamedTuple):
    """A facet: the page's parameter, its title, and the column of the store."""

    param: str
    title: str
    column: str


class Faceted(NamedTuple):
    """``total`` rows under all filters; each facet counted under the others."""

    total: int
    facets: tuple[Facet, ...]


def faceted(
    state: StateStore,
    type_: type[Fact],
    base: Where,
    by: Sequence[By],
    chosen: Mapping[str, Sequence[str]],
    within: Mapping[str, Sequence[str]] | None = None,
) -> Faceted:
    """``base``: filters that are no facets. ``within``: by parameter, values of a facet that the
    page itself is limited to while none of it is chosen."""
    rows = [
        ([frozenset(_values(v)) for v in values], n)
        for values, n in state.cross(type_, [one.column for one in by], base).items()
    ]
    limits = {**(within or {}), **{param: v for param, v in chosen.items() if v}}
    wanted = [frozenset(limits.get(one.param, ())) for one in by]
    total = 0
    counts: list[Counter[str]] = [Counter() for _ in by]
    for values, n in rows:
        missed = [k for k, has in enumerate(values) if wanted[k] and not wanted[k] & has]
        total += 0 if missed else n
        for k in missed if len(missed) == 1 else () if missed else range(len(by)):
            for value in values[k]:
                counts[k][value] += n
    return Faceted(
        total,
        tuple(_facet(one, counts[k], tuple(chosen.get(one.param, ()))) for k, one in enumerate(by)),
    )


def _values(text: str) -> list[str]:
    """One value, or several of ``|a|b|``."""
    return text.strip("|").split("|")


def _facet(by: By, counts: Counter[str], chosen: tuple[str, ...]) -> Facet:
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [(value, n) for value, n in order if value][:MOST_VALUES]
    shown += [(value, counts[value]) for value in chosen if value not in dict(shown)]
    return Facet(
        param=by.param,
        title=by.title,
        values=tuple(
            FacetValue(value=value, title=value, n=n, chosen=value in chosen) for value, n in shown
        ),
    )
