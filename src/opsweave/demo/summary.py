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

from opsweave.demo.incident_panel import gates_text
from opsweave.demo.words import bar, lasting, left_of, name_of, percent, settings_of, state_of

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
    yield _line("What broke", Text(_blame(truth), "bold"))
    if not report["causes"]:
        yield _line("Opsweave said", Text("nothing", "red"))
        return
    rank = right(report)
    style = "green" if rank == 1 else "red"
    said = Text.assemble((_blame(report["causes"][0]), style), f"  {_hit(rank)}")
    yield _line("Opsweave said", said)


def _blame(cause: Report) -> str:
    change = f"change {cause['change']}" if cause["change"] else "no change"
    return f"{cause['entity']}  {change}  {cause['indicator']}"


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
        first = cause["rank"] == 1
        says = Text.assemble(
            (f"{cause['score']:.2f}  ", "bright_black"),
            (f"{name_of(cause['entity'])}", "bold" if first else ""),
            f"  {cause['says'] or cause['kind']}",
        )
        yield _line(f"Cause {cause['rank']}", says)
        if first:
            for item in cause["evidence"][:EVIDENCE]:
                yield _line("", Text(f"· {item['says']}", "bright_black"))
    yield from _dismissed(report["dismissed"])


def _dismissed(dismissed: list[Report]) -> Iterator[RenderableType]:
    """One for each entity, so that the many of one do not hide the others."""
    by_entity = {item["entity"]: item for item in reversed(dismissed)}
    shown = list(by_entity.values())[::-1][:DISMISSED]
    for number, item in enumerate(shown):
        what = item["change"] or f"{name_of(item['entity'])} {item['indicator']}"
        head = "Dismissed" if number == 0 else ""
        yield _line(head, Text(f"{what}: {item['reason']}", "bright_black"))
    if len(dismissed) > len(shown):
        yield _line("", Text(f"and {len(dismissed) - len(shown)} more", "bright_black"))


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
    for diff in recovery["diffs"]:
        yield _line("", Text(f"- {state_of(diff['before'])}", "red"))
        yield _line("", Text(f"+ {state_of(diff['after'])}", "green"))
    gates = [(gate["gate"], gate["verdict"]) for gate in recovery["gates"]]
    yield _line("Gates", gates_text(gates))
    for number, says in enumerate(recovery["verification"]):
        style = "green" if recovery["verified"] else "red"
        yield _line("Verified" if number == 0 else "", Text(says, style))


def _figures(report: Report) -> Iterator[RenderableType]:
    yield from _budgets(report)
    for item in report["deployments"]["failed"]:
        took = item["recovery_s"]
        says = f"{item['change']}, recovered {lasting(took)} after it"
        yield _line("Failed deploy", Text(says))
    usage = report["opsweave"]
    if usage:
        says = f"{usage['cpu_cores']:.2f} of a core, {usage['memory_mb']:.0f} MB"
        yield _line("Opsweave used", Text(says, "bright_black"))


def _budgets(report: Report) -> Iterator[RenderableType]:
    for number, slo in enumerate(report["slos"]):
        before, after = slo["remaining_before"], slo["remaining_after"]
        full, empty = bar(after, BAR)
        says = f"  {percent(before)} before, {left_of(after)} now"
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
