"""Filters and orders of a list as SQL over the columns that stand before the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from opsweave.record.state.slices import GRAVITY, Order, Where, rank_of
from opsweave.record.state.tables import FACTS

_LISTS = ("status", "severity", "topic", "parent", "entity")
_NUMBERS = ("at_ns", "urgency")


def conditions(tag: str, tenant: str, where: Where, dialect: str) -> list[sa.ColumnElement[bool]]:
    """What must hold of a row."""
    found: list[sa.ColumnElement[bool]] = [FACTS.c.tenant == tenant, FACTS.c.type == tag]
    named = column_of(where)
    asked = {name: getattr(where, name) for name in _LISTS}
    found += [named(name).in_(values) for name, values in asked.items() if values]
    if where.places:
        here = [FACTS.c.places.contains(f"|{place}|", autoescape=True) for place in where.places]
        found.append(sa.or_(*here))
    found += [FACTS.c.words.contains(w, autoescape=True) for w in where.words.lower().split()]
    if where.owner:
        found += _owned(where.owner, dialect)
    if where.ids is not None:
        found.append(among(where.ids, dialect))
    if where.since_ns is not None:
        found.append(named("at_ns") >= where.since_ns)
    if where.until_ns is not None:
        found.append(named("at_ns") < where.until_ns)
    return found


def column_of(where: Where) -> Callable[[str], sa.ColumnElement[Any]]:
    """Columns by name. Where ids are given they find the rows: no other index is to be walked."""
    if where.ids is None:
        return lambda name: FACTS.c[name]
    return lambda name: FACTS.c[name] + (0 if name in _NUMBERS else "")


def among(ids: tuple[str, ...], dialect: str) -> sa.ColumnElement[bool]:
    """``id`` is one of thousands: one bound value, however many they are."""
    if dialect == "postgresql":
        return FACTS.c.id == sa.any_(sa.literal(list(ids), postgresql.ARRAY(sa.String)))
    each: Any = sa.func.json_each(msgspec.json.encode(ids).decode()).table_valued("value")
    return FACTS.c.id.in_(sa.select(each.c.value))


def _owned(owner: str, dialect: str) -> list[sa.ColumnElement[bool]]:
    """It stands among the body's ``owners``. Few bodies hold it at all: only those are read."""
    quoted = msgspec.json.encode(owner).decode()
    somewhere = FACTS.c.body.contains(quoted, autoescape=True)
    if dialect == "postgresql":
        owners = sa.cast(FACTS.c.body, postgresql.JSONB)["owners"]
        return [somewhere, owners.contains([owner])]
    each: Any = sa.func.json_each(FACTS.c.body, "$.owners").table_valued("value")
    return [somewhere, sa.exists(sa.select(each.c.value).where(each.c.value == owner))]


def ordered(query: sa.Select[Any], order: Order, where: Where) -> sa.Select[Any]:
    """The query in its order, after the place where the page before ended. Ties: newest first."""
    named = column_of(where)
    column, at, id_ = _ranked(named(order.column), order), named("at_ns"), FACTS.c.id
    by_time = order.column == "at_ns"
    late = order.falling if by_time else True
    rest = (at.desc(), id_.desc()) if late else (at, id_)
    query = query.order_by(*(() if by_time else (_way(column, order.falling),)), *rest)
    if order.after is None:
        return query
    value, at_ns, after = order.after
    tie = sa.or_(
        at < at_ns if late else at > at_ns,
        sa.and_(at == at_ns, id_ < after if late else id_ > after),
    )
    if by_time:
        return query.where(tie)
    place = rank_of(order.column, value)
    beyond = column < place if order.falling else column > place
    return query.where(sa.or_(beyond, sa.and_(column == place, tie)))


def _ranked(column: sa.ColumnElement[Any], order: Order) -> sa.ColumnElement[Any]:
    if order.column != "severity":
        return column
    return sa.case(GRAVITY, value=column, else_=len(GRAVITY))


def _way(column: sa.ColumnElement[Any], falling: bool) -> sa.ColumnElement[Any]:
    return column.desc() if falling else column.asc()
