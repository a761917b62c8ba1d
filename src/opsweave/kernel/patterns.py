"""Paths for programs that read patterns in them."""

from __future__ import annotations

from pathlib import Path


def literal(path: Path) -> str:
    """A path for DuckDB, which else takes ``*``, ``?`` and ``[`` for patterns.

    >>> literal(Path("cpu[0].csv"))
    'cpu[[]0].csv'
    """
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
