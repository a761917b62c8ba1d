"""``opsweave logs``: templates of log files, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opsweave.cli._common import Json, command, group, note, say, say_json, table

if TYPE_CHECKING:
    from opsweave.analysis.logs import Labeller
    from opsweave.cli._lines import LogFile

_SHOWN = 30
_EXAMPLE = "opsweave logs templates app.log --out templates.csv --json"


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    logs = group(app, "logs", "Log templates of files.")
    command(logs, "templates", example=_EXAMPLE)(templates)


def templates(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Lines, or .csv or .parquet with a column content (message, body); gzip or not.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.csv",
            help="Write line, template_id, template, parameters (a JSON list) for every line.",
        ),
    ] = None,
    header: Annotated[
        bool,
        typer.Option("--header/--no-header", help="Skip times, levels and the like before text."),
    ] = True,
    json: Json = False,
) -> None:
    """Find the templates of a log file: what its lines have in common, with <*> for values."""
    import time

    from opsweave.analysis.logs import Labeller
    from opsweave.cli._lines import LogFile

    lines, labeller = LogFile(file), Labeller()
    messages = _Messages(lines, header=header and lines.plain)
    started, busy = time.perf_counter(), time.process_time()
    labeller.learn(messages)
    rows = _write(labeller, messages, out) if out else None
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    body = _body(labeller, messages, seconds, cpu)
    if json:
        say_json(body)
        return
    _print(body)
    if rows is not None:
        note(f"{rows} lines written to {out}")


class _Messages:
    """The messages of a file's lines, as often as wanted."""

    def __init__(self, lines: LogFile, *, header: bool) -> None:
        from itertools import islice

        from opsweave.analysis.logs import Header

        self._lines = lines
        self.header = Header(list(islice(lines, 2000)) if header else [])

    def __iter__(self) -> Iterator[str]:
        return map(self.header.message, self._lines) if self.header.words else iter(self._lines)


def _write(labeller: Labeller, messages: _Messages, out: Path) -> int:
    """One row per line; the number of rows."""
    import orjson

    rows = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write("line,template_id,template,parameters\n")
        for label in labeller.label(messages):
            values = orjson.dumps(label.parameters).decode()
            file.write(
                f"{label.line},{label.template_id},{_quoted(label.template)},{_quoted(values)}\n"
            )
            rows = label.line
    return rows


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _body(labeller: Labeller, messages: _Messages, seconds: float, cpu: float) -> dict[str, Any]:
    found = labeller.templates()
    return {
        "lines": labeller.lines,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "lines_per_second": round(labeller.lines / seconds) if seconds else None,
        "lines_per_cpu_second": round(labeller.lines / cpu) if cpu else None,
        "unparsable": {"blank": labeller.blank, "cut": labeller.cut},
        "header": messages.header.columns,
        "templates": [
            {"id": one.id, "template": one.template, "lines": one.lines, "examples": one.examples}
            for one in found
        ],
        "merges": [merge._asdict() for merge in labeller.merges()],
    }


def _print(body: dict[str, Any]) -> None:
    found = body["templates"]
    table(
        ("lines", "id", "template"),
        [(one["lines"], one["id"], one["template"]) for one in found[:_SHOWN]],
        empty="No lines.",
    )
    if len(found) > _SHOWN:
        say(f"and {len(found) - _SHOWN} more; --json prints all")
    blank = body["unparsable"]["blank"]
    note(
        f"{body['lines']} lines, {len(found)} templates, {body['seconds']} s"
        + (f"; {blank} without text" if blank else "")
    )
