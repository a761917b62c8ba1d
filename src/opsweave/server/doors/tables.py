"""The doors' tables as Markdown, for the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from opsweave.server.doors.table import Door


def markdown(doors: Iterable[Door]) -> str:
    """A section for each door: what it takes, and its answer by case."""
    return "\n".join(_section(door) for door in doors)


def _section(door: Door) -> str:
    types = ", ".join(f"`{name}`" for name in door.accepts) or "any that the cases below allow"
    encodings = ", ".join(f"`{name}`" for name in door.encodings)
    rows = [
        f"| {case.name.replace('_', ' ')} | {case.status} | {_kept(case.kept, case.outcome)} "
        f"| {case.says} |"
        for case in sorted(door.cases, key=lambda case: (case.status, case.name))
    ]
    lines = [
        f"### `POST {door.path.replace(':str', '')}`",
        "",
        (
            f"{door.says[0].upper()}{door.says[1:]}. In the ledger: `{door.id}`. "
            f"Content types: {types}. Content encodings: {encodings}."
        ),
        "",
        "| case | status | in the ledger | meaning |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _kept(kept: bool, outcome: str) -> str:
    return outcome if kept else "no"
