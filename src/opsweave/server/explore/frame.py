"""What all explore pages share: the time asked for, its buckets, columns turned to rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.server.explore.where import Condition

MAX_BUCKETS = 120
QUERY_S = 10.0
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)


class Telemetry(Protocol):
    """The telemetry store, read with bounds."""

    def query(
        self,
        sql: str,
        parameters: Sequence[Any] = (),
        *,
        limit: int = ...,
        timeout_s: float | None = None,
        max_bytes: int | None = None,
    ) -> dict[str, list[Any]]:
        """Columns by name, at most ``limit`` rows."""
        ...


class Span(NamedTuple):
    """From ``since_ns`` to before ``until_ns``, cut in buckets of ``step_ns``."""

    since_ns: int
    until_ns: int
    step_ns: int

    @property
    def seconds(self) -> float:
        """Of one bucket."""
        return self.step_ns / SECOND

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return max(1, -(-(self.until_ns - self.since_ns) // self.step_ns))

    def covered(self, bucket: int) -> float:
        """Seconds of a bucket that lie before the end of the time asked for."""
        begin = self.since_ns + bucket * self.step_ns
        return max(0, min(self.step_ns, self.until_ns - begin)) / SECOND

    @property
    def whole(self) -> int:
        """How many buckets are covered by half at least: a newest one just begun is no drop."""
        last = self.buckets - 1
        return last if last and 2 * self.covered(last) < self.seconds else self.buckets

    def x_ms(self) -> tuple[float, ...]:
        """The beginning of each bucket."""
        return tuple(
            (self.since_ns + index * self.step_ns) / MILLISECOND for index in range(self.buckets)
        )

    def before(self) -> Span:
        """The same length just before."""
        length = self.until_ns - self.since_ns
        return Span(self.since_ns - length, self.since_ns, self.step_ns)


def span(since_ms: float, until_ms: float) -> Span:
    """At most ``MAX_BUCKETS`` round buckets, beginning at a multiple of their length.

    >>> span(0, 3_600_000).seconds
    30.0
    """
    since, until = int(since_ms * MILLISECOND), int(until_ms * MILLISECOND)
    until = max(until, since + SECOND)
    least = (until - since) / SECOND / MAX_BUCKETS
    step = next((one for one in _STEPS_S if one >= least), int(least) + 1) * SECOND
    return Span(since // step * step, until, step)


def rows(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """One dictionary a row.

    >>> list(rows({"a": [1, 2], "b": ["x", "y"]}))
    [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]
    """
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def in_time(condition: Condition, asked: Span) -> Condition:
    """The condition, within the time asked for."""
    return Condition(
        f"ts >= ? AND ts < ? AND {condition.sql}",
        (asked.since_ns, asked.until_ns, *condition.parameters),
    )


def spread(
    found: Mapping[int, float], asked: Span, *, zero_from: int | None = None
) -> tuple[float | None, ...]:
    """Values by bucket number as one line, a gap where there is none.

    ``zero_from``: of counts, the first bucket in which anything was counted; before it nobody may
    have been there to count, after it nothing is 0.
    """
    return tuple(
        None
        if index >= asked.whole
        else found.get(index, 0.0 if zero_from is not None and index >= zero_from else None)
        for index in range(asked.buckets)
    )
