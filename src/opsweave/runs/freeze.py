"""Freeze windows: when nothing may be done, or only what is of low risk."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

from opsweave.kernel.clock import SECOND, from_iso
from opsweave.kernel.errors import RejectInput

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAILY = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")
_DAY_MINUTES = 24 * 60


class Freeze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From ``since`` until ``until`` (ISO 8601), and, when given, only on ``days`` and in the
    ``daily`` hours (``22:00-06:00``; UTC; the day is the one on which they begin)."""

    says: str
    since: str = ""
    until: str = ""
    days: tuple[Day, ...] = ()
    daily: str = ""
    allow: tuple[Literal["low", "medium", "high"], ...] = ()
    """Risks that the window does not concern."""

    def check(self) -> None:
        """RejectInput names the field that is wrong."""
        for field in ("since", "until"):
            try:
                _moment(getattr(self, field))
            except ValueError as error:
                raise RejectInput(str(error), field=field, action="write ISO 8601") from error
        if self.daily and _DAILY.match(self.daily) is None:
            raise RejectInput(
                f"{self.daily!r} is no pair of times", field="daily", action="write 22:00-06:00"
            )
        if not (self.since or self.until or self.days or self.daily):
            raise RejectInput("a window without any bound", field="since", action="give one")

    def covers(self, now_ns: int) -> bool:
        """Whether the window is on."""
        since, until = _moment(self.since), _moment(self.until)
        if (since is not None and now_ns < since) or (until is not None and now_ns >= until):
            return False
        now = datetime.fromtimestamp(now_ns / SECOND, UTC)
        minute = now.hour * 60 + now.minute
        weekday = now.weekday()
        if self.daily:
            begin, end = _minutes(self.daily)
            inside = (minute - begin) % _DAY_MINUTES < (end - begin) % _DAY_MINUTES
            if not inside:
                return False
            if minute < begin:
                weekday = (weekday - 1) % 7
        return not self.days or _DAYS[weekday] in self.days


def _moment(text: str) -> int | None:
    return from_iso(text) if text else None


def _minutes(daily: str) -> tuple[int, int]:
    found = _DAILY.match(daily)
    if found is None:
        raise RejectInput(f"{daily!r} is no pair of times", field="daily")
    a, b, c, d = (int(part) for part in found.groups())
    return a * 60 + b, c * 60 + d
