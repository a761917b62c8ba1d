"""The one place where a broad ``except`` is allowed: calls into foreign code."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opsweave.kernel.errors import OpsweaveError

log = logging.getLogger("opsweave.boundary")


class ForeignCodeFailed(OpsweaveError):
    """Code that is not ours (an integration, a user step) raised ``__cause__``."""


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn any exception of foreign code into :class:`ForeignCodeFailed`, ours pass through."""
    try:
        yield
    except OpsweaveError:
        raise
    except Exception as error:
        log.debug("%s failed", what, exc_info=True)
        raise ForeignCodeFailed(f"{what}: {type(error).__name__}: {error}") from error
