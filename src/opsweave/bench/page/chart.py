"""Bar charts with intervals as SVG: no library, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from opsweave.bench.result import Dataset, Figure, Result

# The figure that a chart shows, of each benchmark, first found first.
SHOWN = ("AC@1", "F1", "NAB standard, flags", "AP", "VUS-PR", "GA", "FTA", "B-cubed F1", "edge F1")
_BAR, _GAP, _WIDE, _TOP = 16, 6, 460, 44
_EM, _LEAST_LEFT = 7, 160
"""Pixels a character of the labels may take, and of the margin that holds them at least."""
_COLOURS = ("#2f6fb0", "#8a8f98", "#c9772b", "#5a9367", "#8c6bb1", "#b04a5a")


def charts(result: Result) -> list[tuple[str, str]]:
    """(file name, SVG) of each figure that at least one data set has."""
    made = []
    for name in SHOWN:
        rows = _rows(result.datasets, name)
        if rows:
            file = f"bench-{result.bench}-{_slug(name)}.svg"
            made.append((file, chart(f"{result.bench}: {name}, all cases", rows)))
    return made


def chart(title: str, rows: Sequence[tuple[str, str, Figure]]) -> str:
    """(data set, method, figure) as horizontal bars on one scale, with intervals."""
    most = max(max(abs(f.value), abs(f.high or 0.0)) for _, _, f in rows) or 1.0
    scale = max(1.0, most)
    methods = list(dict.fromkeys(method for _, method, _ in rows))
    left = max(_LEAST_LEFT, 20 + _EM * max(len(label) for row in rows for label in row[:2]))
    body, y, before = [], _TOP, ""
    for dataset, method, found in rows:
        if dataset != before:
            y += _GAP * 2 if before else 0
            body.append(_text(left - 8, y + _BAR - 4, dataset, "end", weight="bold"))
            y += _BAR + _GAP
            before = dataset
        colour = _COLOURS[methods.index(method) % len(_COLOURS)]
        body += _bar(left, y, method, found, scale, colour)
        y += _BAR + _GAP
    width = left + _WIDE + 190
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 8}" '
        f'width="{width}" height="{y + 8}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{escape(title)}</title>"
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f"{_text(12, 24, title, 'start', weight='bold')}{''.join(body)}</svg>\n"
    )


def _bar(left: int, y: int, method: str, found: Figure, scale: float, colour: str) -> list[str]:
    length = max(found.value, 0.0) / scale * _WIDE
    parts = [
        _text(left - 8, y + _BAR - 4, method, "end"),
        f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>',
    ]
    end, told = length, f"{found.value:.3g}"
    if found.low is not None and found.high is not None:
        low, high = (max(bound, 0.0) / scale * _WIDE for bound in (found.low, found.high))
        middle = y + _BAR / 2
        parts.append(f'<path d="M{left + low:.1f} {middle}H{left + high:.1f}" stroke="#1b1f24"/>')
        end, told = max(length, high), f"{told} ({found.low:.3g} to {found.high:.3g})"
    return [*parts, _text(int(left + end + 8), y + _BAR - 4, told, "start")]


def _text(x: int, y: int, said: str, anchor: str, *, weight: str = "normal") -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="#1b1f24">'
        f"{escape(said)}</text>"
    )


def _rows(datasets: Sequence[Dataset], name: str) -> list[tuple[str, str, Figure]]:
    found = []
    for one in datasets:
        whole = next((part for part in one.parts if part.name == "all"), None)
        if whole and name in whole.figures:
            found.append((one.dataset, one.method, whole.figures[name]))
    return sorted(found, key=lambda row: row[0])


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
