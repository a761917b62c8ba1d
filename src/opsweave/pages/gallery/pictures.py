"""Samples of pictures, gathered from the files that make them."""

from __future__ import annotations

from opsweave.pages.base import Health, Proof
from opsweave.pages.gallery.places import graph, honeycomb, matrix
from opsweave.pages.gallery.stretches import calendar, timeline, waterfall
from opsweave.pages.gallery.waves import HOUR, MINUTE, burst, noise, wave
from opsweave.pages.pictures import Distribution, Line, Mark, Series, Share
from opsweave.pages.union import AnyWidget

_N = 240


def over_time(hour_ms: float, crowd: bool) -> tuple[AnyWidget, ...]:
    """Everything with an axis of time."""
    return (
        _latency(hour_ms),
        _rates(hour_ms),
        _memory(hour_ms),
        timeline(hour_ms, crowd),
        waterfall(),
        _distribution(),
        calendar(hour_ms),
    )


def places() -> tuple[AnyWidget, ...]:
    """Everything that says where."""
    return (matrix(), honeycomb(), graph())


def _axis(hour_ms: float) -> tuple[float, ...]:
    return tuple(hour_ms - 2 * HOUR + i * 2 * HOUR / _N for i in range(_N))


def _latency(hour_ms: float) -> Series:
    middle = wave(_N, 0.21, 0.04, 0.0)
    seen: list[float | None] = list(burst(wave(_N, 0.21, 0.04, 0.02), 170, 0.9))
    seen[60:72] = [None] * 12
    began = hour_ms - 2 * HOUR + 170 * 2 * HOUR / _N
    return Series(
        id="series-band",
        title="p99 of payment (sample)",
        says="With the band that was expected, a gap, a threshold, a change and an alert.",
        x_ms=_axis(hour_ms),
        lines=(
            Line(
                name="p99",
                y=tuple(seen),
                low=tuple(value - 0.07 for value in middle),
                high=tuple(value + 0.07 for value in middle),
                health=Health.BAD,
            ),
        ),
        unit="s",
        threshold=0.5,
        marks=(
            Mark(at_ms=began - MINUTE, says="payment 3.4.0 → 3.4.1", to="gallery"),
            Mark(
                at_ms=began + 2 * MINUTE,
                until_ms=began + 20 * MINUTE,
                says="alert: payment is slow",
                health=Health.BAD,
                to="gallery",
            ),
        ),
        proof=Proof(says="Spans of payment, a point each 30 s.", n=48_211),
        height=220,
    )


def _rates(hour_ms: float) -> Series:
    names = ("checkout", "cart", "payment", "search", "mail", "recommendation-personal")
    return Series(
        id="series-many",
        title="Requests (sample)",
        says="Several lines of one unit; changes that lie near each other share a flag.",
        span=6,
        x_ms=_axis(hour_ms),
        lines=tuple(
            Line(
                name=name,
                y=tuple(wave(_N, 40 + 22 * i, 6 + i, 3, i)),
                dashed=name == "mail",
            )
            for i, name in enumerate(names)
        ),
        unit="1/s",
        marks=tuple(
            Mark(at_ms=hour_ms - (50 - 2 * i) * MINUTE, says=f"search 1.{i}", to="gallery")
            for i in range(3)
        ),
    )


def _memory(hour_ms: float) -> Series:
    return Series(
        id="series-bytes",
        title="Memory (sample)",
        says="Bytes, and a line that ends.",
        span=6,
        x_ms=_axis(hour_ms),
        lines=(
            Line(
                name="cart-6d9f",
                y=tuple(2.2e8 + 1.1e6 * i + 4e6 * noise(i) if i < 150 else None for i in range(_N)),
                health=Health.WARNING,
            ),
            Line(name="cart-71ab", y=tuple(wave(_N, 2.4e8, 8e6, 3e6, 3))),
        ),
        unit="By",
        threshold=4.0e8,
    )


def _distribution() -> Distribution:
    counts = [4, 31, 118, 240, 311, 287, 204, 131, 80, 52, 30, 22, 14, 9, 6, 3, 2, 0, 1, 1]
    return Distribution(
        id="distribution",
        title="How long checkout takes (sample)",
        says="Requests of an hour.",
        span=6,
        unit="s",
        shares=tuple(Share(low=0.05 * i, high=0.05 * (i + 1), n=n) for i, n in enumerate(counts)),
        quantiles={"p50": 0.24, "p90": 0.46, "p99": 0.74},
    )
