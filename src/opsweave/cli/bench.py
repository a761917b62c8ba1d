"""``opsweave bench``: how right the judgement is, on public data, beside others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opsweave.cli._bench_browser import browser
from opsweave.cli._bench_console import console
from opsweave.cli._common import Json, command, group, note, say, say_json

if TYPE_CHECKING:
    from opsweave.bench.options import Options, Progress
    from opsweave.bench.result import Result
    from opsweave.bench.suite import Runner

BenchData = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="OPSWEAVE_BENCH_DATA",
        help="The folder with the public data (docs/benchmarks.md says what lies where).",
    ),
]
Wanted = Annotated[
    list[str] | None,
    typer.Option("--dataset", metavar="NAME", help="Only this data set; may be given again."),
]
Half = Annotated[str, typer.Option("--half", help="dev, report, or all.")]
Cases = Annotated[
    int | None, typer.Option("--limit", min=1, help="At most so many cases of each half.")
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Cases run at once.")]
Seconds = Annotated[float, typer.Option("--seconds", min=0.1, help="Longest time of one case.")]
Peers = Annotated[
    Path | None,
    typer.Option("--peers", metavar="DIR", help="Run the peers installed there beside it."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write JSON, a page and charts into this folder."),
]


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "bench", "Benchmarks on public data, peers beside it.")
    for name in ("detect", "logs", "rca", "correlate"):
        example = f"opsweave bench {name} --data ./bench --half dev --json"
        command(made, name, example=example)(globals()[name])
    peers = group(made, "peers", "Other methods, in an environment of their own.")
    command(peers, "install", example="opsweave bench peers install --into ./peers")(install)
    command(made, "speed", example="opsweave bench speed --peers ./peers --json")(speed)
    example = "opsweave bench console --data-dir ./made --big --json"
    command(made, "console", example=example)(console)
    example = "opsweave bench browser --data-dir ./made --out results"
    command(made, "browser", example=example)(browser)
    command(made, "all", example="opsweave bench all --data ./bench --out results")(all_)


def detect(
    *,
    data: BenchData,
    dataset: Wanted = None,
    half: Half = "all",
    limit: Cases = None,
    workers: Workers = 1,
    seconds: Seconds = 600.0,
    peers: Peers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Judge detection on labelled series and entities."""
    options = _options(data, dataset, half, limit, workers, seconds)
    _finish([_run("detect", options, peers, out)], out, json)


def logs(
    *,
    data: BenchData,
    dataset: Wanted = None,
    half: Half = "all",
    limit: Cases = None,
    workers: Workers = 1,
    seconds: Seconds = 120.0,
    peers: Peers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Judge log templates on systems with corrected templates."""
    options = _options(data, dataset, half, limit, workers, seconds)
    _finish([_run("logs", options, peers, out)], out, json)


def rca(
    *,
    data: BenchData,
    dataset: Wanted = None,
    half: Half = "all",
    limit: Cases = None,
    workers: Workers = 1,
    seconds: Seconds = 60.0,
    peers: Peers = None,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Leave each channel of evidence out in turn.")
    ] = False,
    out: Out = None,
    json: Json = False,
) -> None:
    """Judge ranked causes on recorded incidents with known causes."""
    options = _options(data, dataset, half, limit, workers, seconds)
    _finish([_run("rca", options, peers, out, ablate=ablate)], out, json)


def correlate(
    *,
    data: BenchData,
    dataset: Wanted = None,
    half: Half = "all",
    limit: Cases = None,
    workers: Workers = 1,
    seconds: Seconds = 300.0,
    peers: Peers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Judge the grouping of alerts and what was learned about them."""
    options = _options(data, dataset, half, limit, workers, seconds)
    _finish([_run("correlate", options, peers, out)], out, json)


def speed(
    *,
    dataset: Wanted = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, max=3, help="Rounds, three by default.")
    ] = None,
    seconds: Seconds = 300.0,
    peers: Peers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Measure speeds on made-up data, as ratios to others in the same run."""
    from opsweave.bench.peers.beside import speed as runner
    from opsweave.bench.suite import measured

    options = _options(Path(), dataset, "all", limit, 1, seconds)
    with progress() as tell:
        result = measured("speed", options, tell, instead=runner(peers), keep=_keeper(out))
    _finish([result], out, json)


def install(
    *,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="A new folder for them.")],
    python: Annotated[
        str | None, typer.Option("--python", metavar="PATH", help="Of another Python than ours.")
    ] = None,
    json: Json = False,
) -> None:
    """Install the peers: some 500 MB, through pip."""
    import sys

    from opsweave.bench.peers.catalogue import PINS
    from opsweave.bench.peers.install import install as make

    made = make(into, python or sys.executable)
    if json:
        say_json({"python": str(made), "packages": list(PINS)})
        return
    say(f"{made}: {', '.join(PINS)}")


def all_(
    *,
    data: BenchData,
    half: Half = "all",
    limit: Cases = None,
    workers: Workers = 1,
    seconds: Seconds = 600.0,
    peers: Peers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Run all benchmarks; what has no data is skipped and says so."""
    from opsweave.bench.suite import BENCHES

    options = _options(data, None, half, limit, workers, seconds)
    _finish([_run(name, options, peers, out, skip=True) for name in BENCHES], out, json)


def _options(
    data: Path,
    dataset: list[str] | None,
    half: str,
    limit: int | None,
    workers: int,
    seconds: float,
) -> Options:
    from opsweave.bench.options import Options
    from opsweave.bench.process import Limits
    from opsweave.bench.split import PARTS
    from opsweave.kernel.errors import RejectInput

    if not data.is_dir():
        raise RejectInput(f"--data: {data} is no folder")
    part = next((part for part in PARTS if part == half), None)
    if part is None:
        raise RejectInput(f"--half: {half!r} is not one of {', '.join(PARTS)}")
    return Options(
        data=data,
        datasets=tuple(dataset or ()),
        part=part,
        limit=limit,
        workers=workers,
        limits=Limits(seconds),
    )


def _run(
    name: str,
    options: Options,
    peers: Path | None,
    out: Path | None,
    *,
    ablate: bool = False,
    skip: bool = False,
) -> Result:
    from opsweave.bench.run.ablation import runner as ablation
    from opsweave.bench.suite import measured, skipping

    more = _peers(name, peers)
    instead = ablation() if ablate else None
    with progress() as tell:
        run = skipping if skip else measured
        return run(name, options, tell, more=more, instead=instead, keep=_keeper(out))


def _keeper(out: Path | None) -> Callable[[Result], object] | None:
    """Writes what there is after each data set."""
    if out is None:
        return None
    from opsweave.bench.page.store import write

    return lambda result: write(result, out)


def _peers(name: str, folder: Path | None) -> list[Runner]:
    if folder is None:
        return []
    from opsweave.bench.peers.beside import runners

    return runners(name, folder)


def _finish(results: list[Result], out: Path | None, json: bool) -> None:
    import msgspec

    from opsweave.bench.page.markdown import page

    if out is not None:
        from opsweave.bench.page.store import write

        for result in results:
            for path in write(result, out):
                note(f"written: {path}")
    if json:
        bodies: list[Any] = [msgspec.to_builtins(result) for result in results]
        say_json(bodies[0] if len(bodies) == 1 else {body["bench"]: body for body in bodies})
        return
    for result in results:
        for line in page(result).splitlines():
            say(line)


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on standard error; silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        rows: dict[str, Any] = {}

        def tell(title: str, done: int, total: int) -> None:
            if title not in rows:
                rows[title] = bars.add_task(title, total=total)
            bars.update(rows[title], completed=done)

        yield tell
