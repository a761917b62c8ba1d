"""The measured times as a page for people and as JSON for machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from opsweave.bench.console.size import Size
from opsweave.bench.console.timing import Timed

INTRODUCTION = (
    "Made with `opsweave bench console --data-dir DIR [--big] --out docs/results`: a made-up "
    "company is written through the stores' own interfaces, then every page, list and action "
    "is asked through the HTTP API inside one process, JSON included, network and browser not. "
    "`first` is the first time it is asked, `median` and `most` are of the times after it; `CPU` "
    "is the process's own time, however busy the machine is. "
    "Limits: a list 300 ms, an action 500 ms, a page 1,000 ms. The load is how many processes "
    "wanted the cores meanwhile: above the number of cores the clock measures them, too."
)
KINDS = (("page", "Pages"), ("list", "Lists"), ("action", "Actions"))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One run over one size."""

    at: str
    machine: dict[str, Any]
    size: Size
    facts: int
    rows: int
    timed: list[Timed]
    load: float = 0.0
    """Of the machine over the last minute, when it was measured."""


def write(report: Report, folder: Path) -> list[Path]:
    """``console.json`` and ``console.md``; a run of another size in them is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / "console.json", folder / "console.md"
    kept = msgspec.json.decode(data.read_bytes(), type=list[Report]) if data.exists() else []
    reports = sorted([*(r for r in kept if r.size.name != report.size.name), report], key=_order)
    text = msgspec.json.format(msgspec.json.encode(reports), indent=0).decode().replace("\n", " ")
    data.write_text(text.replace('{ "kind":', '\n{ "kind":') + "\n", encoding="utf-8")
    page.write_text(told(reports), encoding="utf-8")
    return [data, page]


def _order(report: Report) -> int:
    return report.size.incidents


def told(reports: list[Report]) -> str:
    """Markdown: what was asked of which company, and how long it took."""
    parts = [
        "# The console: how fast its pages, lists and actions answer",
        INTRODUCTION,
    ]
    for report in reports:
        parts += [_head(report), *(_table(report, kind, title) for kind, title in KINDS)]
    return "\n\n".join(parts) + "\n"


def _head(report: Report) -> str:
    size, kept = report.size, sum(one.kept for one in report.timed)
    own = sum(one.affordable for one in report.timed)
    cpu, commit = report.machine.get("cpu"), report.machine.get("commit")
    return (
        f"## {size.name.capitalize()}: {size.incidents:,} incidents, {size.in_first:,} alerts in "
        f"one of them\n\n{size.services} services, {size.open_alerts:,} open alerts, {size.days} "
        f"days of metrics: {report.facts:,} facts, {report.rows:,} rows of telemetry. "
        f"Of {len(report.timed)}, {kept} were within their limit every time by the clock, {own} by "
        f"the process's own time. {report.at}, {cpu}, "
        f"{report.machine.get('cores')} cores, load {report.load:.1f}, "
        f"commit {commit or 'unknown'}."
    )


def _table(report: Report, kind: str, title: str) -> str:
    lines = [
        f"### {title}",
        "",
        "| | first, ms | median, ms | most, ms | CPU, ms | n | KB | limit |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in report.timed:
        if one.kind == kind:
            late = "late, busy machine" if one.affordable else "**over**"
            mark = f"{one.limit_ms:.0f}" + ("" if one.kept else f", {late}")
            lines.append(
                f"| {one.name} | {one.first_ms:.0f} | {one.median_ms:.0f} | {one.most_ms:.0f} "
                f"| {one.cpu_ms:.0f} | {one.n} | {one.kilobytes:.0f} | {mark} |"
            )
    return "\n".join(lines)
