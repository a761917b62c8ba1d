"""``opsweave approvals``: plans that wait for a person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from opsweave.cli._client import Client, connected
from opsweave.cli._common import Data, Json, Limit, command, group, say, say_json, table, when
from opsweave.kernel.errors import RejectInput

Id = Annotated[str, typer.Argument(metavar="ID", help="As `opsweave approvals list` shows it.")]
Hash = Annotated[
    str | None,
    typer.Option("--plan-hash", help="The plan you saw; without it the plan is shown first."),
]
Reason = Annotated[str, typer.Option(help="Why; kept with the decision.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "approvals", "Plans that wait for a person's decision.")
    command(made, "list", example="opsweave approvals list --status waiting")(list_)
    command(
        made, "approve", example="opsweave approvals approve approval-2c9w1... --reason 'as agreed'"
    )(approve)
    command(made, "reject", example="opsweave approvals reject approval-2c9w1... --yes")(reject)


def list_(
    data: Data,
    limit: Limit = 50,
    status: Annotated[
        str | None, typer.Option(help="waiting, approved, rejected or expired.")
    ] = None,
    json: Json = False,
) -> None:
    """List requests for approval, newest first."""
    with connected(data) as client:
        found = client.get("approvals", limit=limit, status=status)
    if json:
        say_json(found)
        return
    table(
        ("id", "status", "run", "requested", "expires", "by", "reason"),
        [
            (
                item["id"],
                item["status"],
                item["run"],
                when(item["requested_ns"]),
                when(item["expires_ns"]),
                item["principal"],
                item["reason"],
            )
            for item in found["items"]
        ],
        empty="Nothing waits for a decision.",
    )


def approve(
    data: Data,
    id_: Id,
    plan_hash: Hash = None,
    reason: Reason = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Let a plan run, exactly as it was shown."""
    _decide(data, id_, "approve", plan_hash, reason, ask=not (yes or json), json=json)


def reject(
    data: Data,
    id_: Id,
    plan_hash: Hash = None,
    reason: Reason = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Do not let a plan run."""
    _decide(data, id_, "reject", plan_hash, reason, ask=not (yes or json), json=json)


def _decide(
    data: Data,
    id_: str,
    decision: str,
    plan_hash: str | None,
    reason: str,
    *,
    ask: bool,
    json: bool,
) -> None:
    with connected(data) as client:
        if plan_hash is None:
            plan_hash = _seen(client, id_, show=not json)
            if ask:
                typer.confirm(f"{decision} this plan?", abort=True, err=True)
        body = {"decision": decision, "plan_hash": plan_hash, "reason": reason}
        found = client.post(f"approvals/{id_}", body)
    if json:
        say_json(found)
    else:
        say(f"{found['id']} is {found['status']} by {found['principal']}")


def _seen(client: Client, id_: str, *, show: bool) -> str:
    """The hash of the plan that waits, after showing the plan."""
    items: list[dict[str, Any]] = client.get("approvals", limit=1000)["items"]
    found = next((item for item in items if item["id"] == id_), None)
    if found is None:
        raise RejectInput(
            f"there is no approval {id_}", field="ID", action="see opsweave approvals list"
        )
    if show:
        plan = client.get(f"runs/{found['run']}")["plan"] or {}
        say(f"{plan.get('runbook')} for {plan.get('incident')}: {plan.get('says')}")
        say(f"risk {plan.get('risk')}, plan {found['plan_hash']}")
        table(
            ("action", "target", "arguments"),
            [(call["action"], call["target"], call["arguments"]) for call in plan.get("calls", ())],
            empty="The plan has no action.",
        )
    return str(found["plan_hash"])
