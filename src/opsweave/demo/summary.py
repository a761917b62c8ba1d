"""The end of the demo in words: what broke, what Opsweave said and did, and how long it took.

Drawn from the report (the JSON object) alone, so that a stored report can be shown again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from opsweave.demo.words import bar, lasting, name_of, percent, settings_of

Report = dict[str, Any]
EVIDENCE = 4
DISMISSED = 4
BAR = 20


def summary_of(report: Report) -> RenderableType:
    """The summary of a run, with a fault or calm."""
    parts = list(_calm(report) if "truth" not in report else _fault(report))
    if report["problem"]:
        parts.append(_line("Problem", Text(report["problem"], "red")))
    return Padding(Group(*parts), (1, 1))


def right(report: Report) -> int | None:
    """Rank of the cause that is true (entity, and change or none); None when none of them is.

    >>> right({"truth": {"entity": "a", "change": None}, "causes": []})
    """
    truth = report["truth"]
    for cause in report["causes"]:
        if (cause["entity"], cause["change"]) == (truth["entity"], truth["change"]):
            return int(cause["rank"])
    return None


def _fault(report: Report) -> Iterator[RenderableType]:
    yield _verdict(report)
    yield Text()
    yield from _truth(report)
    yield _times(report)
    yield from _causes(report)
    yield from _recovery(report)
    yield from _figures(report)


def _verdict(report: Report) -> RenderableType:
    if report["recovered"]:
        took = lasting(report["seconds"]["symptom_to_recovered"])
        return Rule(Text(f"recovered and verified in {took}", "bold green"), style="green")
    if report["interrupted"]:
        return Rule(Text("interrupted", "bold yellow"), style="yellow")
    return Rule(Text("not recovered", "bold red"), style="red")


def _truth(report: Report) -> Iterator[RenderableType]:
    truth = report["truth"]
    if truth["entity"] is None:
        return
    change = f"change {truth['change'][:12]}" if truth["change"] else "no change of ours"
    yield _line("What broke", Text(f"{truth['entity']}  {truth['indicator']}, {change}", "bold"))
    first = report["causes"][0] if report["causes"] else None
    rank = right(report)
    if first is None:
        said = Text("nothing", "red")
    else:
        blamed = f"change {first['change'][:12]}" if first["change"] else "no change of ours"
        style = "green" if rank == 1 else "red"
        says = f"{first['entity']}  {first['indicator']}, {blamed}"
        said = Text.assemble((says, style), f"  {_hit(rank)}")
    yield _line("Opsweave said", said)


def _hit(rank: int | None) -> str:
    if rank == 1:
        return "right"
    return "wrong; the truth is " + (f"its cause {rank}" if rank else "not among its causes")


def _times(report: Report) -> RenderableType:
    took = report["seconds"]
    return _line(
        "Time",
        Text(
            f"{_after('detected', took['symptom_to_detected'])} the symptom, "
            f"{_after('explained', took['detected_to_explained'])} that, "
            f"{_after('recovered', took['explained_to_recovered'])} that; "
            f"{len(report['incidents'])} incident(s) of {report['alerts']} alerts"
        ),
    )


def _after(what: str, seconds: float | None) -> str:
    return f"{what} {lasting(seconds)} after" if seconds is not None else f"not {what} after"


def _causes(report: Report) -> Iterator[RenderableType]:
    for cause in report["causes"][:3]:
        change = f", change {cause['change'][:12]}" if cause["change"] else ""
        first = cause["rank"] == 1
        says = Text.assemble(
            (f"{name_of(cause['entity'])}", "bold" if first else ""),
            f"  {cause['says'] or cause['kind']}{change}  ",
            (f"score {cause['score']:.2f}", "bright_black"),
        )
        yield _line(f"Cause {cause['rank']}", says)
        if first:
            for item in cause["evidence"][:EVIDENCE]:
                yield _line("", Text(f"· {item['says']}", "bright_black"))
    dismissed = report["dismissed"]
    for number, item in enumerate(dismissed[:DISMISSED]):
        what = f"{name_of(item['entity'])} {(item['change'] or item['indicator'])[:12]}"
        head = "Dismissed" if number == 0 else ""
        yield _line(head, Text(f"{what}: {item['reason']}", "bright_black"))
    if len(dismissed) > DISMISSED:
        yield _line("", Text(f"and {len(dismissed) - DISMISSED} more", "bright_black"))


def _recovery(report: Report) -> Iterator[RenderableType]:
    recovery = report["recovery"]
    if recovery["runbook"] is None:
        yield _line("Done", Text("nothing", "red"))
        return
    for number, call in enumerate(recovery["actions"]):
        what = f"{call['action'].replace('_', ' ')} {name_of(call['target'])}"
        arguments = settings_of(call["arguments"])
        head = "Done" if number == 0 else ""
        yield _line(head, Text(f"{what} {arguments}  (runbook {recovery['runbook']})"))
    gates = Text()
    for gate in recovery["gates"]:
        style = "green" if gate["verdict"] == "PASS" else "yellow"
        gates.append(f"{gate['gate']} ").append(f"{gate['verdict']}  ", style)
    yield _line("Gates", gates)
    for number, says in enumerate(recovery["verification"]):
        style = "green" if recovery["verified"] else "red"
        yield _line("Verified" if number == 0 else "", Text(says, style))


def _figures(report: Report) -> Iterator[RenderableType]:
    yield from _budgets(report)
    for item in report["deployments"]["failed"]:
        took = item["recovery_s"]
        says = f"{name_of(item['entity'])} {item['change'][:12]}, recovered after {lasting(took)}"
        yield _line("Failed deploy", Text(says))
    usage = report["opsweave"]
    if usage:
        says = f"{usage['cpu_cores']:.2f} of a core, {usage['memory_mb']:.0f} MB"
        yield _line("Opsweave used", Text(says, "bright_black"))


def _budgets(report: Report) -> Iterator[RenderableType]:
    for number, slo in enumerate(report["slos"]):
        full, empty = bar(slo["remaining_after"], BAR)
        says = (
            f"  {percent(slo['remaining_before'])} before, {percent(slo['remaining_after'])} left"
        )
        text = Text.assemble(f"{slo['name']}  ", (full, "cyan"), (empty, "bright_black"), says)
        yield _line("SLO budget" if number == 0 else "", text)


def _calm(report: Report) -> Iterator[RenderableType]:
    quiet = not report["incidents"]
    word = "calm: no incident" if quiet else f"{len(report['incidents'])} false incident(s)"
    style = "green" if quiet else "red"
    yield Rule(Text(word, f"bold {style}"), style=style)
    yield _line("Seen", Text(f"{report['changes']} changes, {report['alerts']} alerts"))
    for item in report["incidents"]:
        yield _line("Incident", Text(item["title"], "red"))
    yield from _budgets(report)
    usage = report["opsweave"]
    if usage:
        says = f"{usage['cpu_cores']:.2f} of a core, {usage['memory_mb']:.0f} MB"
        yield _line("Opsweave used", Text(says, "bright_black"))


def _line(head: str, body: Text) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=13, style="bold", no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(head, body)
    return grid
