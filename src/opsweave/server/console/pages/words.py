"""How the server's pages name things and lead to them."""

from __future__ import annotations

from collections.abc import Iterable

from opsweave.facts import Alert, Change, Fact, Incident
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Proof

MOST_IDS = 100


def ms(ns: int | None) -> float | None:
    """Milliseconds; None for None and for 0 (not known)."""
    return ns / MILLISECOND if ns else None


def name_of(ref: str) -> str:
    """The last part of a canonical spelling.

    >>> name_of("service:demo/shop/cart")
    'cart'
    """
    return ref.rpartition("/")[2] or ref


_KINDS: dict[type[Fact], str] = {Alert: "alert", Change: "change", Incident: "incident"}


def proof_of(says: str, facts: Iterable[Alert | Change | Incident], n: int | None = None) -> Proof:
    """The facts themselves, at most a hundred ids of them; ``n`` of all."""
    found = list(facts)
    ids = tuple(
        f"{_KINDS[type(fact)]}:state:{fact.id}@{fact.version if isinstance(fact, Incident) else 1}"
        for fact in found[:MOST_IDS]
    )
    return Proof(says=says, n=len(found) if n is None else n, ids=ids)
