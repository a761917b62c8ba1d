"""Parquet to columns and back, through DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opsweave.kernel.errors import RejectInput

Columns = dict[str, npt.NDArray[Any]]


def columns(path: Path, wanted: str = "*", where: str = "", bound: Sequence[Any] = ()) -> Columns:
    """The columns of a file as arrays; a null number is NaN.

    Raises RejectInput when there is no such file.
    """
    import duckdb

    if not path.is_file():
        raise RejectInput(f"{path}: no such file; --data names the folder with the bench data")
    asked = f"SELECT {wanted} FROM read_parquet(?)" + (f" WHERE {where}" if where else "")
    with duckdb.connect() as connection:
        found = connection.execute(asked, [str(path), *bound]).fetchnumpy()
    return {name: _plain(values) for name, values in found.items()}


def write(path: Path, made: Columns) -> None:
    """Writes columns of equal length; NaN of a float becomes null."""
    import duckdb

    names = [
        f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}"
        if values.dtype.kind == "f"
        else name
        for name, values in made.items()
    ]
    target = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.register("made", made)
        connection.execute(
            f"COPY (SELECT {', '.join(names)} FROM made) TO '{target}' (FORMAT parquet)"
        )


def _plain(values: Any) -> npt.NDArray[Any]:
    """Without a mask: NaN where a number is missing, -1 where an integer is."""
    if not isinstance(values, np.ma.MaskedArray):
        return np.asarray(values)
    if values.dtype.kind == "f":
        return np.asarray(values.filled(np.nan))
    return np.asarray(values.filled(-1) if values.dtype.kind in "iu" else values.filled())
