"""Old facts to the present shape: one function per type and version, applied in a chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(type tag, version it reads) -> body of the next version."""


def upcast(tag: str, version: int, target: int, body: Body) -> Body:
    """Bring ``body`` from ``version`` to ``target``; steps without an upcaster only renumber."""
    for step in range(version, target):
        change = UPCASTERS.get((tag, step))
        body = change(body) if change else body
        body = {**body, "schema_version": step + 1}
    return body
