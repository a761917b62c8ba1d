"""The server's log: one line per record on standard error."""

from __future__ import annotations

import logging

from opsweave.kernel.errors import RejectInput

LEVELS = ("debug", "info", "warning", "error")
_QUIET = ("alembic", "dbos", "httpx", "httpcore", "urllib3")


def log_to_stderr(level: str) -> None:
    """Opsweave at ``level``, libraries at warning. Raises RejectInput on an unknown level."""
    if level not in LEVELS:
        raise RejectInput(
            f"{level!r} is no level", field="--log-level", action=f"use {', '.join(LEVELS)}"
        )
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("opsweave").setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
