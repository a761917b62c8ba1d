"""What the sealed part needs of the store that it is part of."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Protocol

import duckdb


class Host(Protocol):
    """One writer, readers on cursors."""

    lock: threading.RLock
    """Held by whoever writes."""
    replacements: int
    """Rises with every outcome that a replay replaces."""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own."""
        ...

    def writing(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A transaction; call it with ``lock`` held."""
        ...

    def live_until(self) -> int:
        """After the last record that is applied and still live; 0 when there is none."""
        ...
