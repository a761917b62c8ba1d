"""A CSV file before it is read whole: how it is written, and what is wrong with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from opsweave.cli._lines import delimiter_of, opened
from opsweave.cli._times import TIME_NAMES, unsure
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.patterns import literal

_LOOKED_AT = 100
_LONGEST_FIELD = 1 << 26
_READ = (
    "FROM read_csv(?, delim = ?, quote = '\"', escape = '\"', comment = '', header = true, "
    "skip = 0, sample_size = -1, nullstr = ['', 'NA', 'N/A', 'null', 'NULL', 'None'])"
)
"""Types by all rows: the first thousands may hold whole numbers and a later one a fraction."""


def read_csv(connection: Any, path: Path) -> Any:
    """The rows, of a connection to DuckDB; RejectInput names the row that is wrong."""
    import duckdb

    delimiter = _delimiter(path)
    _look(path, delimiter)
    try:
        return connection.execute(_READ, [literal(path), delimiter])
    except duckdb.Error:
        _ragged(path, delimiter)
        raise


def _delimiter(path: Path) -> str:
    """What parts the names of the first line."""
    with _strictly(path) as text:
        return delimiter_of(text.readline(_LONGEST_FIELD))


def _look(path: Path, delimiter: str) -> None:
    """What would be guessed is refused: names that are numbers, days that may be months."""
    with _strictly(path) as text:
        rows = list(islice(_rows(text, delimiter), _LOOKED_AT))
    names = rows[0] if rows else []
    if not names:
        raise RejectInput(
            f"{path.name} has no rows", field="FILE", action="give columns timestamp,value"
        )
    if all(map(is_number, names)):
        raise RejectInput(
            f"{path.name}: the first line ({', '.join(names)[:60]}) holds no names of columns",
            field="FILE",
            action="begin with a line like timestamp,value",
        )
    clock = next((at for at, name in enumerate(names) if name.strip().lower() in TIME_NAMES), None)
    if clock is not None:
        said = next((row[clock] for row in rows[1:] if clock < len(row) and row[clock]), "")
        unsure(path.name, names[clock], said)


def _ragged(path: Path, delimiter: str) -> None:
    """Refuses the first row with more or fewer fields than there are names."""
    with _strictly(path) as text:
        rows = _rows(text, delimiter)
        names: list[str] = next(rows, [])
        for number, row in enumerate(rows, 1):
            if row and len(row) != len(names):
                raise RejectInput(
                    f"{path.name}: row {number} has {len(row)} fields, the first line names "
                    f"{len(names)} columns: {delimiter.join(row)[:80]!r}",
                    field="FILE",
                    action="give each row a field per column, empty where there is no value",
                )


def _rows(text: Any, delimiter: str) -> Any:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(text, delimiter=delimiter)


@contextmanager
def _strictly(path: Path) -> Iterator[TextIO]:
    """Text of the file; RejectInput when it is none."""
    try:
        with opened(path, encoding="utf-8-sig", errors="strict") as text:
            yield text
    except (UnicodeDecodeError, csv.Error) as error:
        raise RejectInput(
            f"{path.name} is no CSV in UTF-8 ({error})", field="FILE", action="save it as UTF-8"
        ) from error
    except OSError as error:
        raise RejectInput(f"{path.name} cannot be read: {error.strerror}", field="FILE") from error


def is_number(text: str) -> bool:
    """As Python writes numbers."""
    try:
        float(text)
    except ValueError:
        return False
    return True
