"""What the commands share: options, exit codes, the two forms of output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from opsweave.cli._plain import plain

if TYPE_CHECKING:
    from rich.console import Console

EXIT_OK, EXIT_FAILED, EXIT_INPUT, EXIT_ABSENT, EXIT_REFUSED = 0, 1, 2, 3, 4
EXITS = {
    EXIT_OK: "done",
    EXIT_FAILED: "failed; the line on standard error says why",
    EXIT_INPUT: "bad input; the line names the field and the next action",
    EXIT_ABSENT: "no server runs on the data folder",
    EXIT_REFUSED: "refused: no credentials, or a policy forbids it",
}
F = TypeVar("F", bound=Callable[..., Any])


def default_data() -> Path:
    """``$XDG_DATA_HOME/opsweave``, or ``~/.local/share/opsweave``."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "share") / "opsweave"


Data = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="OPSWEAVE_DATA",
        default_factory=default_data,
        show_default="$XDG_DATA_HOME/opsweave or ~/.local/share/opsweave",
        help="The data folder.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only since then (ISO 8601).")
]


def command(
    app: typer.Typer, name: str, *, example: str, exits: dict[int, str] | None = None
) -> Callable[[F], F]:
    """Registers a command whose help ends with an example and its exit codes."""
    codes = {0: EXITS[0], 1: EXITS[1], 2: EXITS[2], 4: EXITS[4], **(exits or {})}
    lines = [
        "\b",
        "Example:",
        *(f"  {line}" for line in example.splitlines()),
        "",
        "\b",
        "Exit codes:",
        *(f"  {code}  {says}" for code, says in sorted(codes.items())),
    ]
    return app.command(name, epilog="\n".join(lines))


def group(app: typer.Typer, name: str, says: str) -> typer.Typer:
    """A command group."""
    made = typer.Typer(help=says, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(made, name=name)
    return made


def say_json(body: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(body, indent=2, default=str), flush=True)


def say(line: str) -> None:
    """A line for people, on standard output, without control characters of others."""
    print(plain(line), flush=True)


def note(line: str) -> None:
    """A line for people, on standard error."""
    print(plain(line), file=sys.stderr)


def console() -> Console:
    """For tables, on standard output."""
    from rich.console import Console

    return Console(highlight=False, markup=False, soft_wrap=False)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str, title: str = ""
) -> None:
    """A table, or the sentence that says why there is none."""
    from rich.table import Table
    from rich.text import Text

    rows = list(rows)
    if not rows:
        print(empty)
        return
    made = Table(title=plain(title) or None, title_justify="left", box=None, pad_edge=False)
    made.show_header = any(columns)
    for name in columns:
        made.add_column(plain(name), overflow="fold")
    for row in rows:
        made.add_row(*(Text(plain(text(cell))) for cell in row))
    console().print(made)


def text(value: Any) -> str:
    """A cell: nothing is ``-``, a fraction has four digits at most."""
    if value is None or value == "":
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def when(ns: int | None) -> str | None:
    """Nanoseconds as UTC to the second."""
    from opsweave.kernel.clock import iso

    found = iso(ns)
    return f"{found[:19]}Z" if found else None


def seconds(value: float | None) -> str | None:
    """A duration in the unit that people use for it."""
    if value is None:
        return None
    if value < 120:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 7200 else f"{value / 3600:.1f} h"
