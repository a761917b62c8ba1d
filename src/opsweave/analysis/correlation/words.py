"""Why an alert is in an incident, in one sentence."""

from __future__ import annotations

from opsweave.analysis.correlation.group import ANYBODY
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.placed import Placed
from opsweave.analysis.correlation.topology import Topology

_TELLING = 1.5
"""A lift that is worth a word."""


def says_of(placed: Placed, item: Item, topology: Topology | None = None) -> str:
    """The cause that connects it, how surely, how soon after, and how often by chance.

    >>> item = Item(id="b", entity="shop", type="errors", start_s=20.0)
    >>> placed = Placed(alert="b", group="i", rule="topology", cause="shop", share=0.6, lag_s=20.0)
    >>> says_of(placed, item)
    'shop is what the incident may come from (60 %); 20 s after the last sign of it'
    """
    if placed.rule == "first":
        return "the first of it: no incident explains it better than chance"
    if placed.rule == "again":
        return f"the same alert again, {_lasting(placed.lag_s)} after it ended"
    parts = [_cause(placed, item, topology), f"{_lasting(placed.lag_s)} after the last sign of it"]
    if placed.lift >= _TELLING:
        parts.append(f"its type comes with theirs {placed.lift:.1f} times as often as by chance")
    return "; ".join(parts)


def _cause(placed: Placed, item: Item, topology: Topology | None) -> str:
    name, share = short(placed.cause), f"{placed.share:.0%}".replace("%", " %")
    if placed.cause == ANYBODY:
        return "without a graph, time is what connects it"
    if placed.rule == "time":
        return "far more entities than usual began to alert in this minute"
    if placed.rule == "content":
        return f"carries {name}, which few others do, like the incident"
    if placed.rule == "mention":
        return f"its text names {name}, which the incident may come from ({share})"
    if placed.cause.partition("#")[0] == item.entity:
        return f"{name} is what the incident may come from ({share})"
    hops = _hops(placed.cause, item, topology)
    return f"{short(item.entity)} leans on {name}{hops}, which the incident may come from ({share})"


def _hops(cause: str, item: Item, topology: Topology | None) -> str:
    found = topology.causes(item.entity) if topology is not None else ()
    hops = next((hops for entity, _, hops in found if entity == cause.partition("#")[0]), 0)
    return f" ({hops} hop{'s' * (hops > 1)})" if hops else ""


def short(cause: str) -> str:
    """A cause as people write it.

    >>> short("service:prod/shop/cart"), short("=host=web-3"), short("!1700000000")
    ('cart', 'host=web-3', 'one moment')
    """
    if cause.startswith(("!", ANYBODY)):
        return "one moment"
    return cause[1:] if cause.startswith("=") else cause.partition("#")[0].rpartition("/")[2]


def _lasting(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
