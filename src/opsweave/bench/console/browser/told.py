"""The measurement as a page for people, and as JSON from which the page is made."""

from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.bench.console.browser.measured import SMOOTH, WEIGHT_KB, Kind, Report

INTRODUCTION = (
    "Made with `opsweave bench browser --data-dir DIR [--big] --out docs/results`: a made-up "
    "company is served by `opsweave up` and looked at in Debian's Chromium without a screen, "
    "both on the machine named below. A page is opened in a browser process that has just "
    "started, with an empty cache, and counts as complete when every part of it is drawn; the "
    "time runs from the start of the navigation. Lists and actions are timed from the click to "
    "what one sees. Limits: the overview 1,500 ms, any other page 1,000 ms, a list 300 ms, an "
    "action 500 ms, script and style 300 kB (compressed, as transferred), 60 frames a second "
    "while live updates run, no request to another host."
)
KINDS: tuple[tuple[Kind, str], ...] = (("page", "Pages"), ("list", "Lists"), ("action", "Actions"))


def write(report: Report, folder: Path) -> list[Path]:
    """``console-browser.json`` and ``.md``; a run of another size in them is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / "console-browser.json", folder / "console-browser.md"
    kept = msgspec.json.decode(data.read_bytes(), type=list[Report]) if data.exists() else []
    others = [one for one in kept if one.size.name != report.size.name]
    reports = sorted([*others, report], key=lambda one: one.size.incidents)
    data.write_bytes(msgspec.json.format(msgspec.json.encode(reports), indent=1) + b"\n")
    page.write_text(told(reports), encoding="utf-8")
    return [data, page]


def told(reports: list[Report]) -> str:
    """Markdown."""
    parts = ["# The console in the browser", INTRODUCTION]
    for report in reports:
        parts += [_head(report), _sums(report)]
        parts += [_table(report, kind, title) for kind, title in KINDS]
    return "\n\n".join(parts) + "\n"


def _head(report: Report) -> str:
    size, kept = report.size, sum(one.kept for one in report.timed)
    machine, (before, after) = report.machine, report.load
    changed = ", with changes not committed" if machine.get("changed") else ""
    return (
        f"## {size.name.capitalize()}: {size.services} services, {size.open_alerts:,} open alerts, "
        f"{size.incidents:,} incidents, {size.days} days of metrics\n\n"
        f"{kept} of {len(report.timed)} within their limit. {report.at}, {machine.get('cpu')}, "
        f"{machine.get('cores')} cores (load {before:.1f} before, {after:.1f} after: others "
        f"worked on the machine, too, where it is above 2), Chromium {report.browser}, "
        f"commit {machine.get('commit') or 'unknown'}{changed}."
    )


def _sums(report: Report) -> str:
    lines = ["| | measured | wanted |", "|---|---|---|"]
    for title, kilobytes in (
        ("script and style, overview", report.overview_kb),
        ("script and style, all pages", report.whole_kb),
    ):
        lines.append(
            f"| {title} | {kilobytes:.0f} kB | {_wanted(kilobytes < WEIGHT_KB, '< 300')} |"
        )
    away = len(report.elsewhere)
    lines.append(f"| requests to other hosts | {away} | {_wanted(not away, '0')} |")
    lines += [
        f"| frames a second, {one.name}, {one.news} parts fetched anew in {one.seconds:g} s "
        f"| {one.per_second:.1f}; 95 % within {one.p95_ms:.0f} ms, longest {one.worst_ms:.0f} ms "
        f"| {_wanted(one.per_second >= SMOOTH, '60')} |"
        for one in report.smooth
    ]
    return "\n".join(lines)


def _wanted(kept: bool, limit: str) -> str:
    return limit if kept else f"**missed: {limit}**"


def _table(report: Report, kind: Kind, title: str) -> str:
    lines = [
        f"### {title}",
        "",
        "| | first, ms | median, ms | most, ms | n | limit |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.first_ms:.0f} | {one.median_ms:.0f} | {one.most_ms:.0f} | {one.n} "
        f"| {_wanted(one.kept, f'{one.limit_ms:.0f}')} |"
        for one in report.timed
        if one.kind == kind
    ]
    return "\n".join(lines)
