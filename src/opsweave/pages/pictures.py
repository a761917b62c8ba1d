"""What people would rather look at than read. Layout is made on the server, once."""

from __future__ import annotations

import msgspec

from opsweave.pages.base import Health, Widget


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A moment or a stretch on a series."""

    at_ms: float
    until_ms: float | None = None
    says: str
    health: Health = Health.NEUTRAL
    to: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One series, reduced to at most 2,000 points; None is a gap."""

    name: str
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    """The expected band, where there is one."""
    high: tuple[float | None, ...] = ()
    health: Health = Health.NEUTRAL
    dashed: bool = False


class Series(Widget, frozen=True, kw_only=True, tag="series"):
    """Lines over one axis of time."""

    x_ms: tuple[float, ...] = ()
    lines: tuple[Line, ...] = ()
    unit: str = ""
    marks: tuple[Mark, ...] = ()
    threshold: float | None = None
    height: int = 180


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One bar of a distribution: ``low <= value < high``."""

    low: float
    high: float
    n: int


class Distribution(Widget, frozen=True, kw_only=True, tag="distribution"):
    """A histogram with its quantiles (``p50`` and so on)."""

    unit: str = ""
    shares: tuple[Share, ...] = ()
    quantiles: dict[str, float] = {}


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a timeline."""

    id: str
    title: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; a stretch when it has an end."""

    id: str
    lane: str
    at_ms: float
    until_ms: float | None = None
    open: bool = False
    """Goes on: drawn to the right edge."""
    says: str
    detail: str = ""
    health: Health = Health.NEUTRAL
    to: str = ""
    lit: bool = False
    """What the page is about, such as the first cause."""


class Timeline(Widget, frozen=True, kw_only=True, tag="timeline"):
    """Lanes over one axis of time, zoomable; the same as a list for those who cannot see it."""

    from_ms: float = 0.0
    until_ms: float = 0.0
    lanes: tuple[Lane, ...] = ()
    moments: tuple[Moment, ...] = ()


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """``x`` and ``y`` in pixels of the graph's own size; the centre of a box of 168 x 40."""

    id: str
    label: str
    kind: str
    health: Health = Health.UNKNOWN
    x: float
    y: float
    says: str = ""
    to: str = ""
    lit: bool = False


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """An arrow between two nodes' ids."""

    source: str
    target: str
    kind: str
    says: str = ""
    lit: bool = False
    """On the path from cause to symptom."""


class Graph(Widget, frozen=True, kw_only=True, tag="graph"):
    """A map or a lineage; never more than about a hundred nodes."""

    width: float = 0.0
    height: float = 0.0
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    left_out: int = 0
    """Nodes not drawn; the page says how to ask for them."""


class HoneycombCell(msgspec.Struct, frozen=True, kw_only=True):
    """One entity."""

    id: str
    label: str
    health: Health
    says: str = ""
    to: str = ""


class HoneycombGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of one team or domain, worst first."""

    title: str
    cells: tuple[HoneycombCell, ...]


class Honeycomb(Widget, frozen=True, kw_only=True, tag="honeycomb"):
    """Everything at a glance."""

    groups: tuple[HoneycombGroup, ...] = ()


class MatrixCell(msgspec.Struct, frozen=True, kw_only=True):
    """``text`` is the one number that matters; ``says`` where it comes from."""

    health: Health
    text: str
    says: str = ""
    to: str = ""


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """A practice; ``lit`` where it belongs to the viewer's role."""

    title: str
    cells: tuple[MatrixCell | None, ...]
    """None: the practice has nothing at this stage."""
    lit: bool = False
    to: str = ""


class Matrix(Widget, frozen=True, kw_only=True, tag="matrix"):
    """Rows by columns, each cell live."""

    columns: tuple[str, ...] = ()
    rows: tuple[MatrixRow, ...] = ()


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who or what, from when until when."""

    id: str
    lane: str
    from_ms: float
    until_ms: float
    says: str
    health: Health = Health.NEUTRAL
    to: str = ""


class Calendar(Widget, frozen=True, kw_only=True, tag="calendar"):
    """Days in columns; entries such as shifts, freezes, windows."""

    from_ms: float = 0.0
    until_ms: float = 0.0
    entries: tuple[CalendarEntry, ...] = ()


class WaterfallSpan(msgspec.Struct, frozen=True, kw_only=True):
    """One span; ``depth`` from 0, in the order in which it is drawn."""

    id: str
    name: str
    entity: str
    depth: int
    start_ms: float
    """After the trace's beginning."""
    duration_ms: float
    self_ms: float
    health: Health = Health.NEUTRAL
    says: str = ""


class Waterfall(Widget, frozen=True, kw_only=True, tag="waterfall"):
    """One trace."""

    total_ms: float = 0.0
    spans: tuple[WaterfallSpan, ...] = ()
    left_out: int = 0
