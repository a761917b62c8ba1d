"""The incident in a few lines: its causes with evidence, and what is done about it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from opsweave.demo.words import name_of, settings_of, state_of
from opsweave.facts import ActionCall, Cause, Diff, Gate, Incident, Run

GATE_STYLE = {Gate.PASS: "green", Gate.FAIL: "bold red", Gate.UNKNOWN: "bold yellow"}
BESIDES = 2
EVIDENCE = 3


def incident_lines(incident: Incident, run: Run | None, width: int, room: int = 99) -> list[Text]:
    """Title, first cause with evidence, the other causes, the plan with gates and diffs.

    With little room what matters less is left out; the order stays.
    """
    ranked = [(0, _title(incident))]
    for cause in incident.causes[:1]:
        first, *evidence = first_cause(cause)
        ranked += [(0, first), *((2 + n, line) for n, line in enumerate(evidence))]
    ranked += [(4, other_cause(cause)) for cause in incident.causes[1 : 1 + BESIDES]]
    if incident.dismissed:
        says = f"   {len(incident.dismissed)} dismissed with a reason"
        ranked.append((5, Text(says, "bright_black")))
    if run is not None:
        ranked += run_lines(run)
    lines = _fitting(ranked, room)
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return lines


def _title(incident: Incident) -> Text:
    joined = f"  {incident.status.value}, {len(incident.alerts)} alerts joined"
    return Text.assemble(
        ("Incident ", "bold red"), (incident.title, "bold"), (joined, "bright_black")
    )


def _fitting(ranked: list[tuple[int, Text]], room: int) -> list[Text]:
    order = sorted(range(len(ranked)), key=lambda number: (ranked[number][0], number))
    kept = sorted(order[: max(1, room)])
    return [ranked[number][1] for number in kept]


def first_cause(cause: Cause) -> list[Text]:
    """What is blamed and why."""
    lines = [
        Text.assemble(
            (" 1 ", "bold"),
            (name_of(cause.entity), "bold"),
            f"  {cause.says or cause.kind.value}",
            (f"  {cause.score:.2f}", "bright_black"),
        )
    ]
    return lines + [Text(f"   · {item.says}", "bright_black") for item in cause.evidence[:EVIDENCE]]


def other_cause(cause: Cause) -> Text:
    """One that is less likely."""
    says = cause.says or cause.kind.value
    return Text(f" {cause.rank} {name_of(cause.entity)}  {says}  {cause.score:.2f}", "bright_black")


def run_lines(run: Run) -> list[tuple[int, Text]]:
    """The plan, its gates, what would change, what was done and verified; the weightiest is 1."""
    calls = run.plan.calls if run.plan else ()
    lines = [(1, Text.assemble(("Plan ", "bold magenta"), call_of(call))) for call in calls]
    if run.gates:
        verdicts = [(gate.gate, gate.verdict.value) for gate in run.gates]
        lines.append((2, Text("     ").append_text(gates_text(verdicts))))
    lines += [(1, diff_line(diff)) for diff in run.diffs]
    done = [step for step in run.steps if step.says]
    if done:
        lines.append((3, Text(f"     {done[-1].says}", "magenta")))
    said = run.verification[-2:]
    return lines + [(2, Text.assemble(("     ✓ ", "green"), says)) for says in said]


def gates_text(gates: Sequence[tuple[str, str]]) -> Text:
    """How many gates passed, and each that did not by its name."""
    text = Text.assemble(f"{sum(verdict == Gate.PASS for _, verdict in gates)} gates ")
    text.append(Gate.PASS.value, GATE_STYLE[Gate.PASS])
    for gate, verdict in gates:
        if verdict != Gate.PASS:
            text.append(f"  {gate} ").append(verdict, GATE_STYLE[Gate(verdict)])
    return text


def diff_line(diff: Diff) -> Text:
    """Before and after."""
    if not diff.before and not diff.after:
        return Text(f"     {diff.says}")
    before, after = state_of(diff.before), state_of(diff.after)
    return Text.assemble("     ", (f"- {before}", "red"), "   ", (f"+ {after}", "green"))


def call_of(call: ActionCall) -> str:
    """An action in words."""
    arguments = settings_of(call.arguments)
    action = call.action.replace("_", " ")
    return f"{action} {name_of(call.target)}" + (f" ({arguments})" if arguments else "")
