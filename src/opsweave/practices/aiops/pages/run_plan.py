"""What a plan would do, as its dry run saw it: what somebody approves."""

from __future__ import annotations

from itertools import zip_longest

from opsweave.facts import ActionCall, Run
from opsweave.pages import Cell, Column, Diff, Proof, Row, State, Table, links
from opsweave.practices.aiops.pages import words

MOST_DIFFS = 6
"""Actions whose dry run has a picture of its own."""


def said(call: ActionCall) -> str:
    """An action in words.

    >>> said(ActionCall(action="scale", target="service:a/b/cart", arguments={"by": 2}))
    'scale cart (by 2)'
    """
    given = ", ".join(f"{key} {value}" for key, value in call.arguments.items())
    return f"{call.action} {words.name(call.target)}" + (f" ({given})" if given else "")


def plan(run: Run, *, span: int = 12) -> Table:
    """What is done, and what would take each step back."""
    made = run.plan
    steps = list(zip_longest(made.calls, made.compensations)) if made else []
    empty = {} if steps else {"state": State.EMPTY, "missing": "This run has no plan on record."}
    return Table(
        id=f"plan-{run.id}",
        title="Plan and rollback",
        says=f"risk {made.risk}; hash {made.hash[:12]}" if made else "",
        span=span,
        columns=(
            Column(key="action", title="Action"),
            Column(key="target", title="Target", shows="entity"),
            Column(key="undo", title="Taken back by"),
        ),
        rows=tuple(
            Row(
                id=f"call-{number}",
                cells={
                    "action": Cell(value=said(call) if call else "nothing"),
                    "target": _target(call or undo),
                    "undo": Cell(
                        value=said(undo) if undo else "nothing",
                        hint="" if undo else "The runbook names no step that takes it back.",
                    ),
                },
            )
            for number, (call, undo) in enumerate(steps)
        ),
        proof=Proof(says=f"the plan that the hash {made.hash} names", n=len(steps))
        if made
        else None,
        **empty,  # type: ignore[arg-type]
    )


def _target(call: ActionCall | None) -> Cell:
    return Cell(value=call.target, to=links.entity_to(call.target)) if call else Cell()


def diffs(run: Run, *, span: int = 12) -> list[Diff]:
    """What a dry run said each action would change."""
    if not run.diffs:
        return [
            Diff(
                id=f"diff-{run.id}",
                title="Dry run",
                span=span,
                state=State.EMPTY,
                missing="No dry run is on record for this run.",
                remedy="It is made once the gates before it pass.",
            )
        ]
    return [
        Diff(
            id=f"diff-{run.id}-{number}",
            title=said(diff.call),
            says=diff.says,
            span=span,
            before=diff.before,
            after=diff.after,
            before_title="as it is",
            after_title="as it would be",
            proof=Proof(
                says=f"dry run; it can affect {', '.join(diff.entities) or 'its target'}", n=1
            ),
        )
        for number, diff in enumerate(run.diffs[:MOST_DIFFS])
    ] + _further(run, span)


def _further(run: Run, span: int) -> list[Diff]:
    """The rest in one: who approves sees all that was tried."""
    rest = run.diffs[MOST_DIFFS:]
    if not rest:
        return []
    heads = [f"{said(diff.call)}: {diff.says}" for diff in rest]
    entities = sorted({entity for diff in rest for entity in diff.entities})
    return [
        Diff(
            id=f"diff-{run.id}-rest",
            title=f"{len(rest)} more actions",
            says=f"{len(run.diffs)} in all; these one below the other.",
            span=span,
            before="\n\n".join(f"{h}\n{d.before}" for h, d in zip(heads, rest, strict=True)),
            after="\n\n".join(f"{h}\n{d.after}" for h, d in zip(heads, rest, strict=True)),
            before_title="as it is",
            after_title="as it would be",
            proof=Proof(
                says=f"dry run; they can affect {', '.join(entities) or 'their targets'}",
                n=len(rest),
            ),
        )
    ]
