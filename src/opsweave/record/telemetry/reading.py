"""A query by somebody else, held to reading: one statement, bounded in depth, time and size."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from opsweave.kernel.errors import RejectInput

READ_ONLY = "BEGIN TRANSACTION READ ONLY"
MAX_SQL = 20_000
MAX_NESTING = 64
MAX_ANSWER = 32 << 20
_READS = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})
_STEP = 64
_MAY_COPY = ("copy", "query", "serialized")
"""Nothing is copied without one of these words: functions that run a text have them in theirs."""
_WRITERS = ('_TO_FILE"', '"JSON_EXECUTE_SERIALIZED_SQL"')
"""Operators of a plan; the second runs what it is given on a connection of its own."""
_EXPLAIN = re.compile(r"\s*explain(\s+analyze)?(\s*\([^()]*\))?\s", re.IGNORECASE)


def one_read(sql: str) -> duckdb.Statement:
    """The statement. Raises RejectInput for another number of them, or what is no SELECT.

    A CTE may still write and EXPLAIN ANALYZE runs what it explains: execute it after READ_ONLY.
    """
    # The parser overflows the stack on deep text, and takes minutes and gigabytes on long text.
    if len(sql) > MAX_SQL or _nesting(sql) > MAX_NESTING:
        raise RejectInput(
            f"a query has at most {MAX_SQL} characters and {MAX_NESTING} brackets in each other",
            field="sql",
            action="ask for less at once",
        )
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in _READS:
        raise RejectInput("only one SELECT is allowed", field="sql")
    return statements[0]


def refuse_copy(
    cursor: duckdb.DuckDBPyConnection, statement: duckdb.Statement, parameters: Sequence[Any]
) -> None:
    """Raises RejectInput for what would write a file, from which READ_ONLY does not keep it.

    EXPLAIN ANALYZE runs a COPY, a CTE may be one, and JSON that is executed may hold such a CTE;
    whatever the text is, the plan says so.
    """
    sql = statement.query
    if statement.type == duckdb.StatementType.EXPLAIN:
        begins = _EXPLAIN.match(sql)
        sql = sql[begins.end() :] if begins else ""
        inner = duckdb.extract_statements(sql)
        if len(inner) != 1 or inner[0].type != duckdb.StatementType.SELECT:
            raise RejectInput("only a SELECT can be explained", field="sql")
    if not any(word in sql.lower() for word in _MAY_COPY):
        return
    rows = cursor.execute(f"EXPLAIN (FORMAT json) {sql}", list(parameters)).fetchall()
    if any(writer in plan for _, plan in rows for writer in _WRITERS):
        raise RejectInput("a query only reads", field="sql")


def _nesting(sql: str) -> int:
    """Brackets open at most at once, also counting those in strings and comments.

    Never below zero, so that closing ones in a string cannot hide the depth of what follows.

    >>> _nesting("select (1 + (2)), [3]"), _nesting("select ')))', ((1))")
    (2, 2)
    """
    depth = deepest = 0
    for letter in sql:
        if letter in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in ")]}":
            depth = max(0, depth - 1)
    return deepest


@contextmanager
def within(cursor: duckdb.DuckDBPyConnection, timeout_s: float | None) -> Iterator[None]:
    """Interrupts what runs on ``cursor`` after ``timeout_s``."""
    if timeout_s is None:
        yield
        return
    timer = threading.Timer(timeout_s, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def fetched(cursor: duckdb.DuckDBPyConnection, limit: int, max_bytes: int | None) -> list[Any]:
    """At most ``limit`` rows. RejectInput when they take more than ``max_bytes`` as text."""
    if max_bytes is None:
        return cursor.fetchmany(limit)
    rows: list[Any] = []
    size = 0
    while len(rows) < limit and (part := cursor.fetchmany(min(_STEP, limit - len(rows)))):
        size += sum(len(str(row)) for row in part)
        if size > max_bytes:
            raise RejectInput(
                f"the answer is larger than {max_bytes} bytes",
                field="sql",
                action="select fewer columns, or set a limit",
            )
        rows += part
    return rows
