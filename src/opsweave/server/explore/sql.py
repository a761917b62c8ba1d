"""``explore/sql``: read-only SQL over the telemetry, for those who want it."""

from __future__ import annotations

from typing import Any

from opsweave.kernel.errors import RejectInput
from opsweave.pages import Cell, Column, Field, Form, Note, Row, Section, State, Table
from opsweave.record.telemetry.schema import TABLES
from opsweave.server.explore.frame import QUERY_S, Telemetry, rows

MAX_ROWS = 1000
MAX_BYTES = 4 << 20
_SHOWN = 2000
EXAMPLE = "SELECT entity, count(*) AS spans FROM spans GROUP BY entity ORDER BY spans DESC"


def sections(telemetry: Telemetry, sql: str) -> tuple[Section, ...]:
    """The statement, its answer, and what there is to ask."""
    form = Form(
        id="sql",
        fields=(Field(name="sql", title="SQL", input="code", value=sql or EXAMPLE),),
        into_url=True,
        submit_title="Run",
        says=f"Read-only, at most {MAX_ROWS:,} rows and {QUERY_S:g} seconds",
    )
    answer = (Section(id="answer", widgets=(_answer(telemetry, sql),)),) if sql else ()
    return (Section(id="ask", widgets=(form,)), *answer, _schema())


def _answer(telemetry: Telemetry, sql: str) -> Table:
    try:
        found = telemetry.query(sql, limit=MAX_ROWS + 1, timeout_s=QUERY_S, max_bytes=MAX_BYTES)
    except RejectInput as error:
        return Table(id="answer", state=State.ERROR, missing=str(error), remedy=error.action)
    made = [
        Row(id=str(index), cells={name: _cell(value) for name, value in row.items()})
        for index, row in enumerate(rows(found))
    ]
    return Table(
        id="answer",
        title="Answer",
        says=f"the first {MAX_ROWS:,} rows" if len(made) > MAX_ROWS else f"{len(made):,} rows",
        columns=tuple(Column(key=name, title=name, shows="code") for name in found),
        rows=tuple(made[:MAX_ROWS]),
        total=len(made) if len(made) <= MAX_ROWS else None,
        state=State.OK if made else State.EMPTY,
        missing="The statement has no rows.",
        remedy="Times (ts) are nanoseconds since 1970; compare with epoch_ns(now()).",
    )


def _cell(value: Any) -> Cell:
    """Numbers that a browser holds exactly stay numbers; everything else is text."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  # NaN
        return Cell()
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 53):
        return Cell(value=float(value) if isinstance(value, float) else value)
    text = str(value)
    return Cell(value=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _schema() -> Section:
    notes = tuple(
        Note(
            id=f"table-{name}",
            title=name,
            span=6,
            paragraphs=(", ".join(f"{key} {type_}" for key, type_ in columns.items()),),
        )
        for name, columns in TABLES.items()
    )
    return Section(id="schema", title="What there is to ask", widgets=notes, folded=True)
