"""From the query of an address to what a page is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from opsweave.kernel.clock import MILLISECOND, from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.pages import PageQuery
from opsweave.server.auth import Principal

DEFAULT_MS = 3_600_000.0
LONGEST_MS = 400 * 86_400_000.0
LATEST_MS = 9.2e12
"""Stores hold no later time."""
_RELATIVE = re.compile(r"-(\d{1,6})([smhdw])")
_UNITS_MS = {"s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7, "w": 6.048e8}


def asked(
    path: str,
    params: Mapping[str, str],
    raw: Mapping[str, tuple[str, ...]],
    principal: Principal,
    now_ns: int,
) -> PageQuery:
    """Raises RejectInput for a time that is none, or a range that is empty or too long."""
    now = now_ns / MILLISECOND
    since, until = _last(raw, "since"), _last(raw, "until")
    until_ms = _time(until, "until", now) if until else now
    since_ms = _time(since, "since", now) if since else until_ms - DEFAULT_MS
    if since_ms >= until_ms:
        raise RejectInput("lies after the end", field="since", action="choose an earlier time")
    if until_ms - since_ms > LONGEST_MS:
        raise RejectInput("lies too far back", field="since", action="ask for at most 400 days")
    return PageQuery(
        path=path,
        params=dict(params),
        since_ms=since_ms,
        until_ms=until_ms,
        now_ms=now,
        relative=until in ("", "now"),
        scope=_last(raw, "scope").strip(),
        raw=dict(raw),
        who=principal.who,
        scopes=frozenset(scope.value for scope in principal.scopes),
        widget=_last(raw, "widget"),
    )


def _last(raw: Mapping[str, tuple[str, ...]], name: str) -> str:
    values = raw.get(name)
    return values[-1] if values else ""


def _time(text: str, field: str, now_ms: float) -> float:
    if text == "now":
        return now_ms
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        at: float | None = now_ms - float(relative[1]) * _UNITS_MS[relative[2]]
    else:
        at = _absolute(text)
    if at is None or not 0 <= at <= LATEST_MS:
        raise RejectInput(
            f"{text[:40]!r} is no time",
            field=field,
            action="write -1h, -30m, -7d, or ISO 8601, for example with Z",
        )
    return at


def _absolute(text: str) -> float | None:
    try:
        # A "+" that nobody escaped has become a space.
        return from_iso(text.replace(" ", "+") if "T" in text else text) / MILLISECOND
    except (ValueError, OverflowError):
        return None
