"""The server's log: one line per record on standard error."""

from __future__ import annotations

import logging
from typing import Any

from opsweave.cli._plain import plain
from opsweave.kernel.errors import RejectInput

LEVELS = ("debug", "info", "warning", "error")
_QUIET = ("alembic", "dbos", "httpx", "httpcore", "urllib3")


def log_to_stderr(level: str) -> None:
    """Opsweave at ``level``, libraries at warning. Raises RejectInput on an unknown level."""
    if level not in LEVELS:
        raise RejectInput(
            f"{level!r} is no level", field="--log-level", action=f"use {', '.join(LEVELS)}"
        )
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("opsweave").setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _OneLine(logging.Formatter):
    """Text of senders cannot begin a line of its own; a traceback's lines are indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """The line, with control characters written out."""
        return plain(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        """The traceback, each line indented and without control characters."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"    {plain(line)}" for line in lines)
