"""The injector's own simple rule of when a user first felt it.

Once a second it looks at the last ten seconds, path by path, and compares with the calm before.
A breach counts when the third to the tenth second after it breach too, seen by themselves: a
hiccup is none. What is told is the first breach, not its confirmation.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from opsweave.demo.faults.experience import Mail, Row

WINDOW_S = 10.0
CONFIRM_S = (3.0, 10.0)
"""After the breach, when it must be there still."""
FAILED_SHARE = 0.10
WRONGED_SHARE = 0.10
LEAST_BAD = 3
"""Fewer failed or wronged requests are chance."""
SLOWER = 1.6
SLOWER_MS = 80.0
SLOWER_THAN_WORST = 1.2
SLOWER_HALF = 1.25
"""Queues make the slowest tenth jump by chance; that half of the customers wait longer is none."""
LEAST_TIMED = 10
LEAST_TIMED_S = 4.0
"""Over fewer requests or seconds one crowd at the door is a jump."""
LATE_S = 5.0
SOLD = "/checkout"
"""Requests that a mail follows."""


class Usual(NamedTuple):
    """The calm windows of a path, in ms."""

    p90: float
    worst_p90: float
    p50: float


class Normal(NamedTuple):
    """The calm: how fast each path is, and the usual delay of a mail (s)."""

    paths: dict[str, Usual]
    mail_s: float


class Seen(NamedTuple):
    """A breach: when, and of what."""

    at: float
    says: str


def normal(rows: Sequence[Row], mails: Sequence[Mail]) -> Normal:
    """Medians over windows of the calm."""
    seen: dict[str, list[tuple[float, float]]] = {}
    if rows:
        end = rows[0].done + WINDOW_S
        while end <= rows[-1].done + WINDOW_S / 2:
            for path, timed in _by_path(_between(rows, end - WINDOW_S, end)).items():
                if len(timed) >= LEAST_TIMED:
                    seen.setdefault(path, []).append((p90(timed), median(timed)))
            end += WINDOW_S / 2
    delays = [mail.delay for mail in mails]
    usual = {
        path: Usual(
            median(tail for tail, _ in found),
            max(tail for tail, _ in found),
            median(half for _, half in found),
        )
        for path, found in seen.items()
    }
    return Normal(usual, median(delays) if delays else 1.0)


def first_breach(
    rows: Sequence[Row],
    mails: Sequence[Mail],
    usual: Normal,
    since: float,
    until: float,
    *,
    clear: float = 0.0,
) -> Seen | None:
    """The first confirmed breach after ``since``; ``until`` is how far the files tell.

    Moments up to ``clear`` (see :func:`clear_until`) were looked at before, and were none.
    """
    at = max(math.ceil(since), clear) + 1.0
    first, last = CONFIRM_S
    while at + last <= until:
        says = breach(rows, mails, usual, max(since, at - WINDOW_S), at)
        if says and breach(rows, mails, usual, at + first, at + last):
            return Seen(at, says)
        at += 1.0
    return None


def clear_until(until: float) -> float:
    """The last moment that can be judged when the files tell as far as ``until``."""
    return float(math.floor(until - CONFIRM_S[1]))


def breach(
    rows: Sequence[Row], mails: Sequence[Mail], usual: Normal, after: float, upto: float
) -> str | None:
    """What is wrong for users between two moments, in words; None when nothing is."""
    window = _between(rows, after, upto)
    for path in sorted({row.path for row in window}):
        of_path = [row for row in window if row.path == path]
        says = _of_bad(path, of_path)
        if says is None and upto - after >= LEAST_TIMED_S:
            says = _of_slow(path, of_path, usual)
        if says:
            return says
    failed = sum(not row.ok for row in window)
    if failed >= LEAST_BAD and failed > FAILED_SHARE * len(window):
        return f"{failed} of {len(window)} requests failed"
    return _of_mails(rows, mails, usual, after, upto)


def _of_bad(path: str, window: list[Row]) -> str | None:
    failed = sum(not row.ok for row in window)
    if failed >= LEAST_BAD and failed > FAILED_SHARE * len(window):
        return f"{failed} of {len(window)} requests for {path} failed"
    wronged = sum(row.wronged for row in window)
    if wronged >= LEAST_BAD and wronged > WRONGED_SHARE * len(window):
        return f"{wronged} of {len(window)} good customers were declined"
    return None


def _of_slow(path: str, window: list[Row], usual: Normal) -> str | None:
    was = usual.paths.get(path)
    if was is not None and len(window) >= LEAST_TIMED:
        timed = [row.ms for row in window]
        limit = max(SLOWER * was.p90, SLOWER_THAN_WORST * was.worst_p90, was.p90 + SLOWER_MS)
        if p90(timed) > limit and median(timed) > SLOWER_HALF * was.p50:
            return f"90 % of {path} within {p90(timed):.0f} ms instead of {was.p90:.0f} ms"
    return None


def _of_mails(
    rows: Sequence[Row], mails: Sequence[Mail], usual: Normal, after: float, upto: float
) -> str | None:
    limit = usual.mail_s + LATE_S
    sent = [mail for mail in mails if after < mail.at <= upto]
    lost = sum(not mail.ok for mail in sent)
    if lost >= LEAST_BAD and lost > FAILED_SHARE * len(sent):
        return f"{lost} of {len(sent)} mails were lost"
    if len(sent) >= LEAST_BAD and median(mail.delay for mail in sent) > limit:
        return f"mails came {median(mail.delay for mail in sent):.0f} s late"
    if not mails:
        return None
    last = max((mail.at for mail in mails if mail.at <= upto), default=mails[0].at)
    sold = [row.done for row in rows if last < row.done <= upto and row.path == SOLD and row.ok]
    if len(sold) >= LEAST_BAD and upto - sold[0] > limit and upto - last > limit:
        return f"no mail for {upto - last:.0f} s after {len(sold)} orders"
    return None


def p90(values: list[float]) -> float:
    """The 90th percentile by nearest rank."""
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def _between(rows: Sequence[Row], after: float, upto: float) -> Sequence[Row]:
    low = bisect.bisect_right(rows, after, key=lambda row: row.done)
    high = bisect.bisect_right(rows, upto, key=lambda row: row.done)
    return rows[low:high]


def _by_path(rows: Sequence[Row]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row.path, []).append(row.ms)
    return found
