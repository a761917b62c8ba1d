"""The page at ``/`` where no console was built: says what this is and where to go on."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@cache
def page() -> bytes:
    """Static: the same for everybody, without a token, without a script."""
    return files("opsweave.server").joinpath("home.html").read_bytes()
