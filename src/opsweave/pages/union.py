"""All kinds of widget, told apart by ``kind``."""

from __future__ import annotations

from opsweave.pages.pictures import (
    Calendar,
    Distribution,
    Graph,
    Honeycomb,
    Matrix,
    Series,
    Timeline,
    Waterfall,
)
from opsweave.pages.reasons import Hypotheses, Progress
from opsweave.pages.texts import Diff, Form, Log, Note
from opsweave.pages.values import Stat, Table

AnyWidget = (
    Stat
    | Table
    | Series
    | Distribution
    | Timeline
    | Graph
    | Honeycomb
    | Matrix
    | Calendar
    | Waterfall
    | Hypotheses
    | Progress
    | Diff
    | Log
    | Form
    | Note
)
