"""``opsweave rca``: the causes of a recorded incident, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opsweave.cli._common import Json, command, say, say_json, table

if TYPE_CHECKING:
    from opsweave.analysis.causality import Explanation
    from opsweave.facts import Cause

_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "rca", example="opsweave rca ./case --json")(rca)


def rca(
    case: Annotated[
        Path, typer.Argument(metavar="CASE_DIR", help="A folder as docs/causality.md describes.")
    ],
    without: Annotated[
        str,
        typer.Option("--without", metavar="CHANNELS", help="Leave these out (comma-separated)."),
    ] = "",
    json: Json = False,
) -> None:
    """Rank what may have caused a recorded incident, with the evidence for it."""
    import time

    from opsweave.analysis.causality.diagnose import diagnose
    from opsweave.practices.aiops.casefile import read_case

    started = time.perf_counter()
    left_out = frozenset(name.strip() for name in without.split(",") if name.strip())
    answer = diagnose(read_case(case), without=left_out)
    seconds = round(time.perf_counter() - started, 3)
    if json:
        say_json(_body(answer, seconds))
    else:
        _print(answer, seconds)


def _body(answer: Explanation, seconds: float) -> dict[str, Any]:
    import msgspec

    return {
        "causes": [_cause(cause) for cause in answer.causes],
        "dismissed": msgspec.to_builtins(answer.dismissed),
        "no_change_is_guilty": answer.no_change_is_guilty,
        "seconds": seconds,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    import msgspec

    body: dict[str, Any] = msgspec.to_builtins(cause)
    first = ("rank", "entity", "indicator", "change", "confidence", "parts", "evidence")
    return {name: body[name] for name in (*first, *(n for n in body if n not in first))}


def _print(answer: Explanation, seconds: float) -> None:
    table(
        ("", "entity", "indicator", "change", "confidence", "because"),
        [
            (
                c.rank,
                c.entity,
                c.indicator,
                c.change or "none",
                f"{100 * c.confidence:.0f} %",
                c.says,
            )
            for c in answer.causes[:_SHOWN]
        ],
        empty="Nothing was found that could be a cause: no record leaves what is usual for it.",
        title="Causes",
    )
    if answer.causes:
        say("")
        say(f"Evidence for the first: {answer.causes[0].entity}")
        for evidence in answer.causes[0].evidence:
            say(f"  {evidence.says} (n={evidence.n})")
    if answer.no_change_is_guilty is not None:
        say("")
        say(f"No change is guilty: {100 * answer.no_change_is_guilty:.0f} %")
    for dismissed in answer.dismissed[:_SHOWN]:
        what = f"{dismissed.change} of {dismissed.entity}" if dismissed.change else dismissed.entity
        say(f"Dismissed: {what}: {dismissed.reason}")
    say(f"{seconds:.2f} s")
