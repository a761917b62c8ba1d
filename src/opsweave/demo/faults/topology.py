"""Who stands on whose path in the company, by role."""

from __future__ import annotations

CALLS: dict[str, tuple[str, ...]] = {
    "edge": ("catalog", "cart", "checkout"),
    "cart": ("catalog",),
    "checkout": ("payment", "orders"),
    "payment": ("fraud", "provider"),
    "fraud": ("features", "model"),
    "mailer": ("orders",),
    "warehouse": ("orders", "features"),
    "features": ("warehouse",),
}
PER_SECOND = {
    "edge": 9.0,
    "catalog": 6.5,
    "cart": 2.0,
    "checkout": 2.5,
    "payment": 2.5,
    "fraud": 2.5,
    "orders": 5.0,
    "mailer": 2.3,
}
"""Requests (the mailer: letters) that a role serves in the middle of the day."""
CODE = ("edge", "catalog", "cart", "checkout", "payment", "fraud", "orders", "mailer")
"""Roles whose code a customer feels."""


def path(role: str) -> tuple[str, ...]:
    """The role, who calls it and whom it calls, at any distance; roles that can be deployed."""
    found = {role} | reach(role, CALLS) | reach(role, callers_of())
    return tuple(name for name in CODE if name in found)


def callers_of() -> dict[str, tuple[str, ...]]:
    """Role -> who calls it."""
    return {
        callee: tuple(caller for caller, callees in CALLS.items() if callee in callees)
        for callees in CALLS.values()
        for callee in callees
    }


def reach(role: str, edges: dict[str, tuple[str, ...]]) -> set[str]:
    """Whoever is reached from a role, itself only over a circle."""
    found: set[str] = set()
    open_ = [role]
    while open_:
        fresh = set(edges.get(open_.pop(), ())) - found
        found |= fresh
        open_ += fresh
    return found
