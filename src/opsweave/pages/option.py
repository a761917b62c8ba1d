"""A choice of a control or a field."""

from __future__ import annotations

import msgspec


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` goes into the query or the body, ``title`` is read."""

    value: str
    title: str
