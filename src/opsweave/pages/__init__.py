"""Floor 3: what a page of the console says, as records; the console has one renderer per kind.

A practice declares its pages in Python and needs no TypeScript. Times are milliseconds since the
Unix epoch (UTC), named ``*_ms``: a browser's numbers hold no nanoseconds. ``to`` is a path of the
console with its query, such as ``incidents/inc-1?tab=alerts``. ``None`` is "no data", never 0.
"""

from opsweave.pages.base import Action, Health, Proof, State, Widget
from opsweave.pages.option import Option
from opsweave.pages.page import Control, Crumb, Fact, Page, Section
from opsweave.pages.pictures import (
    Calendar,
    CalendarEntry,
    Distribution,
    Edge,
    Graph,
    Honeycomb,
    HoneycombCell,
    HoneycombGroup,
    Lane,
    Line,
    Mark,
    Matrix,
    MatrixCell,
    MatrixRow,
    Moment,
    Node,
    Series,
    Share,
    Timeline,
    Waterfall,
    WaterfallSpan,
)
from opsweave.pages.reasons import Dismissal, Hypotheses, Hypothesis, Part, Progress, Stage
from opsweave.pages.spec import News, PageQuery, PageSpec, TableQuery
from opsweave.pages.texts import Diff, Field, Form, Log, LogLine, Note
from opsweave.pages.union import AnyWidget
from opsweave.pages.values import Cell, Column, Facet, FacetValue, Row, Stat, Table

__all__ = [
    "Action",
    "AnyWidget",
    "Calendar",
    "CalendarEntry",
    "Cell",
    "Column",
    "Control",
    "Crumb",
    "Diff",
    "Dismissal",
    "Distribution",
    "Edge",
    "Facet",
    "FacetValue",
    "Fact",
    "Field",
    "Form",
    "Graph",
    "Health",
    "Honeycomb",
    "HoneycombCell",
    "HoneycombGroup",
    "Hypotheses",
    "Hypothesis",
    "Lane",
    "Line",
    "Log",
    "LogLine",
    "Mark",
    "Matrix",
    "MatrixCell",
    "MatrixRow",
    "Moment",
    "News",
    "Node",
    "Note",
    "Option",
    "Page",
    "PageQuery",
    "PageSpec",
    "Part",
    "Progress",
    "Proof",
    "Row",
    "Section",
    "Series",
    "Share",
    "Stage",
    "Stat",
    "State",
    "Table",
    "TableQuery",
    "Timeline",
    "Waterfall",
    "WaterfallSpan",
    "Widget",
]
