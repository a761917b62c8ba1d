"""Columns that grow row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opsweave.record.telemetry.schema import TABLES, Batch


def new_columns(table: str) -> dict[str, list[Any]]:
    """Empty columns of a table."""
    return {name: [] for name in TABLES[table]}


def batch_of(**tables: dict[str, list[Any]]) -> Batch:
    """A batch of those tables that have rows."""
    filled: dict[str, dict[str, Sequence[Any]]] = {
        name: dict(columns) for name, columns in tables.items() if any(columns.values())
    }
    return Batch(tables=filled)
