"""``opsweave detect``: what is unusual in files of series, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from opsweave.cli._common import EXIT_FAILED, Json, command, note, say, say_json, table

_EXAMPLE = """opsweave detect latency.parquet --out scores.parquet --json
opsweave detect --dir series/ --out scores/ --json"""
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "detect", example=_EXAMPLE)(detect)


def detect(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="Parquet or CSV (gzip or not); columns timestamp,value, or several values.",
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", help="All .parquet, .csv and .csv.gz files of a folder."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Scores by row: a .parquet or .csv file; with --dir a folder of .parquet files.",
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget",
            min=1e-6,
            metavar="RATE",
            help="Values a day that may pass the bar of a series by chance [default: .3; of an "
            "entity .1].",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Find what is unusual, value by value, each judged by the values before it alone.

    A file of several value columns is one entity: one answer a row, with the share of each column.
    Columns label and split are never read.
    """
    from opsweave.kernel.errors import RejectInput

    if (file is None) == (folder is None):
        raise RejectInput("give a FILE, or --dir DIR", field="FILE")
    if folder is None:
        assert file is not None
        body = _one(file, out, budget)
        say_json(body) if json else _print(body)
        return
    bodies = list(_many(folder, out, budget))
    failed = [body for body in bodies if "error" in body]
    if json:
        say_json({"files": bodies, "failed": len(failed)})
    else:
        _print_many(bodies)
    if failed:
        note(f"{len(failed)} of {len(bodies)} files could not be judged")
        raise typer.Exit(EXIT_FAILED)


def _one(file: Path, out: Path | None, budget: float | None) -> dict[str, Any]:
    from opsweave.cli._detect import detect_file
    from opsweave.cli._series import suffix
    from opsweave.kernel.errors import RejectInput

    if out is not None and not suffix(out):
        raise RejectInput(f"{out.name}: neither .parquet nor .csv", field="--out")
    if out is not None and not out.parent.is_dir():
        raise RejectInput(f"{out.parent}: no such folder", field="--out", action="make it first")
    return detect_file(file, out, budget)


def _many(folder: Path, out: Path | None, budget: float | None) -> Iterator[dict[str, Any]]:
    """Summaries in the order of names; a file that cannot be judged has an ``error``."""
    import os
    from concurrent.futures import ThreadPoolExecutor

    from rich.console import Console
    from rich.progress import track

    from opsweave.cli._series import suffix
    from opsweave.kernel.errors import RejectInput

    if not folder.is_dir():
        raise RejectInput(f"{folder}: no such folder", field="--dir")
    files = sorted(p for p in folder.iterdir() if suffix(p) and p.is_file())
    if not files:
        raise RejectInput(f"{folder}: no .parquet or .csv file", field="--dir")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    _compile()
    targets = [None] * len(files) if out is None else _targets(files, out)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        done = pool.map(_safe, files, targets, [budget] * len(files))
        yield from track(done, "judging", len(files), console=Console(stderr=True), transient=True)


def _targets(files: list[Path], out: Path) -> list[Path]:
    """By the name without its ending, or the whole name where files differ in that alone."""
    from collections import Counter

    from opsweave.cli._series import suffix

    stems = [path.name[: -len(suffix(path))] for path in files]
    times = Counter(stems)
    return [
        out / f"{stem if times[stem] == 1 else path.name}.parquet"
        for stem, path in zip(stems, files, strict=True)
    ]


def _compile() -> None:
    """Before the threads start: the kernels are compiled once, not by each of them at once."""
    import numpy as np

    from opsweave.analysis.detection.entity import score_entity
    from opsweave.analysis.detection.shelf.score import score

    score(np.zeros((1, 2)))
    score_entity(np.zeros((2, 2)))


def _safe(file: Path, out: Path | None, budget: float | None) -> dict[str, Any]:
    from opsweave.cli._detect import detect_file
    from opsweave.kernel.errors import RejectInput

    try:
        return detect_file(file, out, budget)
    except RejectInput as error:
        return {"file": str(file), "error": str(error)}


def _print(body: dict[str, Any]) -> None:
    ignored = "".join(f"; {name} ignored: {why}" for name, why in body["ignored"].items())
    say(f"{body['rows']} rows of {', '.join(body['columns'])}{ignored}")
    for name, other in body["renamed"].items():
        note(f"the column {name} of the file is {other} beside the answers")
    table(
        ("onset", "end", "direction", "score", "reason"),
        [
            (_short(e["onset"]), _short(e["end"]), e["direction"], e["score"], e["reason"])
            for e in body["episodes"][:_SHOWN]
        ],
        empty="Nothing unusual.",
    )
    if len(body["episodes"]) > _SHOWN:
        note(f"{len(body['episodes'])} episodes; the first {_SHOWN} are shown, --json has all")
    for gap in body["silent"]:
        say(f"no values from {gap['onset']} to {gap['end']}")


def _short(when: str | int) -> str | int:
    """A time to the minute; rows as they are."""
    return when[:16].replace("T", " ") if isinstance(when, str) else when


def _print_many(bodies: list[dict[str, Any]]) -> None:
    table(
        ("file", "rows", "episodes", "error"),
        [
            (Path(b["file"]).name, b.get("rows"), len(b.get("episodes", ())), b.get("error"))
            for b in bodies
        ],
        empty="No files.",
    )
