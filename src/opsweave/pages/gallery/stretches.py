"""Samples of timelines, traces and calendars."""

from __future__ import annotations

from opsweave.pages.base import Health
from opsweave.pages.gallery.waves import DAY, HOUR, MINUTE, noise
from opsweave.pages.pictures import (
    Calendar,
    CalendarEntry,
    Lane,
    Moment,
    Timeline,
    Waterfall,
    WaterfallSpan,
)

_LANES = (
    ("alerts", "Alerts"),
    ("deployments", "Deployments"),
    ("config", "Configuration and flags"),
    ("data", "Data runs"),
    ("models", "Model versions"),
    ("findings", "Findings"),
    ("actions", "Actions"),
)
_HEALTHS = (Health.BAD, Health.WARNING, Health.NEUTRAL, Health.GOOD)

# lane, minutes after the start, minutes it lasts (None: a moment), says, health, lit
_STORY: tuple[tuple[str, float, float | None, str, Health, bool], ...] = (
    ("data", 4, 9, "nightly features rebuilt", Health.GOOD, False),
    ("config", 21, None, "flag search.rerank turned on", Health.NEUTRAL, False),
    ("deployments", 33, 4, "cart 2.9.0", Health.GOOD, False),
    ("models", 47, None, "ranker 14 promoted", Health.NEUTRAL, False),
    ("deployments", 61, 3, "payment 3.4.0 → 3.4.1", Health.BAD, True),
    ("alerts", 65, 41, "payment is slow", Health.BAD, False),
    ("alerts", 67, 38, "checkout fails", Health.BAD, False),
    ("alerts", 70, 20, "queue of mail grows", Health.WARNING, False),
    ("findings", 73, None, "new log line: payment timed out", Health.WARNING, False),
    ("actions", 88, None, "Ada approved: roll payment back", Health.NEUTRAL, False),
    ("actions", 90, 2, "payment rolled back to 3.4.0", Health.GOOD, False),
)


def timeline(hour_ms: float, crowd: bool) -> Timeline:
    """Two hours of a day; a crowd has 10,000 moments."""
    start = hour_ms - 2 * HOUR
    return Timeline(
        id="timeline",
        title="What happened (sample)",
        says="All practices on one axis: drag a stretch to see it closer.",
        from_ms=start,
        until_ms=hour_ms,
        lanes=tuple(Lane(id=lane, title=title) for lane, title in _LANES),
        moments=_crowd(start) if crowd else _story(start),
    )


def _story(start: float) -> tuple[Moment, ...]:
    told = tuple(
        Moment(
            id=f"m{i}",
            lane=lane,
            at_ms=start + at * MINUTE,
            until_ms=None if lasts is None else start + (at + lasts) * MINUTE,
            says=says,
            detail="A sample: what a person would want to know next stands here.",
            health=health,
            to="gallery",
            lit=lit,
        )
        for i, (lane, at, lasts, says, health, lit) in enumerate(_STORY)
    )
    still = Moment(
        id="open",
        lane="alerts",
        at_ms=start + 72 * MINUTE,
        open=True,
        says="budget of checkout burns",
        health=Health.WARNING,
        to="gallery",
    )
    return (*told, still)


def _crowd(start: float) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            id=f"c{i}",
            lane=_LANES[i * 5 % 7][0],
            at_ms=start + (0.5 + noise(i) / 2) * 2 * HOUR,
            says=f"sample {i}",
            health=_HEALTHS[int(abs(noise(i, 2)) ** 0.3 * 4) % 4],
            lit=i == 5000,
        )
        for i in range(10_000)
    )


# name, entity, depth, starts, lasts, self, health
_SPANS: tuple[tuple[str, str, int, float, float, float, Health], ...] = (
    ("POST /checkout", "service:prod/shop/checkout", 0, 0, 1240, 38, Health.BAD),
    ("cart.read", "service:prod/shop/cart", 1, 12, 61, 20, Health.NEUTRAL),
    ("SELECT carts", "database:prod/shop/carts", 2, 30, 41, 41, Health.NEUTRAL),
    ("payment.charge", "service:prod/shop/payment", 1, 84, 1102, 890, Health.BAD),
    ("fraud.score", "service:prod/shop/fraud", 2, 96, 120, 88, Health.NEUTRAL),
    ("features.read", "service:prod/shop/features", 3, 110, 32, 32, Health.WARNING),
    ("INSERT payments", "database:prod/shop/payments", 2, 230, 92, 92, Health.NEUTRAL),
    ("mail.enqueue", "queue:prod/shop/mail", 1, 1196, 9, 9, Health.NEUTRAL),
)


def waterfall() -> Waterfall:
    """One trace of eight spans."""
    return Waterfall(
        id="waterfall",
        title="One checkout (sample)",
        says="The full part of a bar is the span's own time.",
        total_ms=1240,
        spans=tuple(
            WaterfallSpan(
                id=f"s{i}",
                name=name,
                entity=entity,
                depth=depth,
                start_ms=starts,
                duration_ms=lasts,
                self_ms=own,
                health=health,
                says="deadline exceeded" if health is Health.BAD else "",
            )
            for i, (name, entity, depth, starts, lasts, own, health) in enumerate(_SPANS)
        ),
        left_out=14,
    )


def calendar(hour_ms: float) -> Calendar:
    """A fortnight of shifts, a freeze and a window."""
    start = hour_ms - hour_ms % DAY - 3 * DAY
    shifts = tuple(
        CalendarEntry(
            id=f"shift-{i}",
            lane="On call",
            from_ms=start + (9 + 84 * i) * HOUR,
            until_ms=start + (9 + 84 * (i + 1)) * HOUR,
            says=("Ada", "Grace", "Edsger", "Barbara")[i % 4],
        )
        for i in range(4)
    )
    return Calendar(
        id="calendar",
        title="Who and what (sample)",
        span=6,
        from_ms=start,
        until_ms=start + 14 * DAY,
        entries=(
            *shifts,
            CalendarEntry(
                id="freeze",
                lane="Freezes",
                from_ms=start + 5 * DAY,
                until_ms=start + 8 * DAY,
                says="No deployments: quarter's end",
                health=Health.WARNING,
            ),
            CalendarEntry(
                id="window",
                lane="Windows",
                from_ms=start + 9 * DAY + 2 * HOUR,
                until_ms=start + 9 * DAY + 6 * HOUR,
                says="Database upgrade",
                to="gallery",
            ),
        ),
    )
