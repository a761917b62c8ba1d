"""Lists of thousands, a page at a time: filters, orders and the place where a page ended."""

from __future__ import annotations

import base64
import binascii
from typing import Generic, NamedTuple, TypeVar

import msgspec

from opsweave.facts import Severity
from opsweave.facts.base import Fact
from opsweave.kernel.errors import RejectInput

F = TypeVar("F", bound=Fact)
COLUMNS = {
    "at": "at_ns",
    "entity": "entity",
    "id": "id",
    "severity": "severity",
    "status": "status",
    "topic": "topic",
    "urgency": "urgency",
}
"""Name of an order -> the column."""
FACETS = ("status", "severity", "topic", "places", "entity", "parent")
MOST = 1_000
"""Facts of one page."""
GRAVITY = {severity.value: rank for rank, severity in enumerate(Severity)}
"""The gravest is the least, as with urgency: in this order ``severity`` sorts."""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """All of these must hold; within one, any value. Empty asks nothing."""

    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Namespaces: it touches one of them."""
    entity: tuple[str, ...] = ()
    ids: tuple[str, ...] | None = None
    """Only these; None asks nothing, () finds nothing."""
    words: str = ""
    """Each word must occur somewhere."""
    owner: str = ""
    """It was given to, or taken by, exactly this one."""
    since_ns: int | None = None
    until_ns: int | None = None


class Slice(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """One page of facts; ``next`` is the ``after`` of the following one, empty on the last."""

    facts: tuple[F, ...] = ()
    next: str = ""


class Order(NamedTuple):
    """A sort and the values at which the page before ended."""

    column: str
    falling: bool
    after: tuple[str | int, int, str] | None = None
    """Value of the column, time, id."""


def order_of(sort: str, after: str) -> Order:
    """Read ``key`` or ``-key`` and a token; RejectInput says which is wrong.

    >>> order_of("-at", "")
    Order(column='at_ns', falling=True, after=None)
    """
    column = COLUMNS.get(sort.removeprefix("-"))
    if column is None:
        raise RejectInput(
            f"{sort!r} is no order", field="sort", action=f"use one of {', '.join(COLUMNS)}"
        )
    return Order(column, sort.startswith("-"), _read(after, column) if after else None)


def rank_of(column: str, value: str | int) -> str | int:
    """By what a value of a column sorts.

    >>> rank_of("severity", "critical"), rank_of("severity", ""), rank_of("status", "open")
    (0, 3, 'open')
    """
    return GRAVITY.get(str(value), len(GRAVITY)) if column == "severity" else value


def token(value: str | int, at_ns: int, id_: str) -> str:
    """Where a page ended, as text for an address."""
    raw = msgspec.json.encode((value, at_ns, id_))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(after: str, column: str) -> tuple[str | int, int, str]:
    kind = int if column in ("at_ns", "urgency") else str
    try:
        raw = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4))
        value, at_ns, id_ = msgspec.json.decode(raw, type=tuple[str | int, int, str])
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise RejectInput("is no place in a list", field="after", action="begin anew") from error
    if not isinstance(value, kind):
        raise RejectInput("belongs to another order", field="after", action="begin anew")
    return value, at_ns, id_


def checked(limit: int) -> int:
    """A page's size."""
    if not 1 <= limit <= MOST:
        raise RejectInput(f"must lie between 1 and {MOST}", field="limit")
    return limit


def facet_of(by: str) -> str:
    """A column that can be counted by."""
    if by not in FACETS:
        raise RejectInput(f"{by!r} cannot be counted by", field="by")
    return by


def spread(by: str, counts: dict[str, int]) -> dict[str, int]:
    """Counts of values, the most frequent first; what touches two places counts in both."""
    found: dict[str, int] = {}
    for value, n in counts.items():
        for one in value.strip("|").split("|") if by == "places" else (value,):
            found[one] = found.get(one, 0) + n
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
