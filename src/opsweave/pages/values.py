"""Numbers and tables."""

from __future__ import annotations

import msgspec

from opsweave.pages.base import Health, Widget


class Stat(Widget, frozen=True, kw_only=True, tag="stat"):
    """One number. ``value`` None is shown as "no data"."""

    value: float | None = None
    unit: str = ""
    """UCUM, or ``%`` for a ratio between 0 and 1, ``s`` for seconds, ``By`` for bytes."""
    text: str = ""
    """Shown instead of value and unit where they are not enough."""
    health: Health = Health.NEUTRAL
    trend: tuple[float | None, ...] = ()
    """The same number before, oldest first: drawn as a sparkline."""
    to: str = ""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """``shows`` says how cells are drawn."""

    key: str
    title: str
    shows: str = "text"
    """text, entity, time, duration (s), number, bytes, ratio, health, sparkline, code."""
    sortable: bool = False
    hide_on_phone: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a row; None is "no data"."""

    value: float | str | None = None
    health: Health | None = None
    to: str = ""
    hint: str = ""
    trend: tuple[float | None, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Cells by column key; ``to`` opens the row's page."""

    id: str
    cells: dict[str, Cell]
    to: str = ""
    health: Health | None = None
    actions: tuple[str, ...] = ()
    """Ids of the table's actions that this row offers."""


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a facet, with how many rows have it under the other filters."""

    value: str
    title: str
    n: int
    chosen: bool = False


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A filter; ``param`` is the query parameter of the page."""

    param: str
    title: str
    values: tuple[FacetValue, ...]


class Table(Widget, frozen=True, kw_only=True, tag="table"):
    """Rows of one server-made page. Paging, sorting and filters are query parameters of the page:
    ``{id}.after``, ``{id}.sort`` (``key`` or ``-key``), ``{id}.q``, and those of the facets."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    total: int | None = None
    """All rows under the filters; None where counting would cost more than it tells."""
    next: str = ""
    """The value of ``{id}.after`` for the next page; empty on the last."""
    previous: str = ""
    sort: str = ""
    q: str | None = None
    """The text that was searched; None where the table cannot be searched."""
    q_hint: str = ""
    facets: tuple[Facet, ...] = ()
    bulk: tuple[str, ...] = ()
    """Ids of actions that work on many chosen rows."""
