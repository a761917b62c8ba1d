"""Feature batches and model versions: which of them serve."""

from __future__ import annotations

import time

from opsweave.demo.company.actions.plan import Call, Commit, Desk, Plan, one_before
from opsweave.demo.company.spec import read_json, write_json
from opsweave.demo.company.state import State
from opsweave.kernel.errors import RejectInput

PUBLISH_S = 0.3
"""A batch that is being published when the pin is set has landed after this time."""


def quarantine_data(desk: Desk, call: Call) -> Plan:
    """Serve the batch before ``batch`` (or before the served one), and publish no newer one."""
    batches, served = _batches(desk), _served(desk)
    bad = call.text("batch") or served
    older = [one for one in batches if _number(one) < _number(bad)]
    if not older:
        raise RejectInput("there is no older batch", field="batch")
    return _pin(desk, call, older[-1], f"Quarantine {bad} and later, serve {older[-1]}", bad)


def release_data(desk: Desk, call: Call) -> Plan:
    """Follow the newest batch again, or serve ``batch``."""
    batches, given = _batches(desk), call.text("batch")
    if given and given not in batches:
        raise RejectInput("there is no such batch", field="batch")
    return _pin(desk, call, "", "Follow the newest batch again", given)


def _pin(desk: Desk, call: Call, pinned: str, says: str, batch: str) -> Plan:
    served = _served(desk)
    to = pinned or (_batches(desk) or [served])[-1]

    def apply(commit: Commit) -> None:
        def change(state: State) -> None:
            state.pinned = pinned

        commit(change)
        desk.publish()
        time.sleep(PUBLISH_S)
        rows = read_json(desk.paths.features / f"{to}.json")
        if rows is not None:
            write_json(desk.paths.features / "current.json", rows)

    return Plan(
        says=says,
        apply=apply,
        kind="data_version",
        before={"served": served, "pinned": desk.state.pinned},
        after={"served": to, "pinned": pinned},
        entities=(call.target, desk.names.entity("model"), desk.names.entity("fraud")),
        change={
            "summary": says,
            "version_from": served,
            "version_to": to,
            "outcome": "rolledback" if pinned else "",
            "details": {"quarantined" if pinned else "released": batch},
        },
    )


def _batches(desk: Desk) -> list[str]:
    return sorted((path.stem for path in desk.paths.features.glob("batch-*.json")), key=_number)


def _served(desk: Desk) -> str:
    found = read_json(desk.paths.features / "current.json", {})
    return str(found.get("batch", "")) if isinstance(found, dict) else ""


def _number(batch: str) -> int:
    text = batch.removeprefix("batch-")
    if not text.isdigit():
        raise RejectInput("is no batch", field="batch")
    return int(text)


def switch_model_alias(desk: Desk, call: Call) -> Plan:
    """Have the alias name another version, or the one before the present one."""
    if call.text("alias") not in ("", "production"):
        raise RejectInput("the only alias is production", field="alias")
    history = desk.state.production
    to = call.text("version") or one_before(history, field="version", what="model version")
    if not (desk.paths.models / f"{to}.npz").exists() or "/" in to:
        raise RejectInput("the registry has no such version", field="version")
    now, back = history[-1], to in history

    def apply(commit: Commit) -> None:
        def change(state: State) -> None:
            known = state.production
            if to in known:
                known[:] = known[: known.index(to) + 1]
            else:
                known.append(to)

        commit(change)
        desk.publish()

    return Plan(
        says=f"Serve version {to} instead of {now}",
        apply=apply,
        kind="model_version",
        before={"production": now},
        after={"production": to},
        entities=(call.target, desk.names.entity("fraud")),
        change={
            "summary": call.text("summary") or f"Promote version {to}",
            "author": call.author,
            "version_from": now,
            "version_to": to,
            "outcome": "rolledback" if back else "",
            "details": {"alias": "production"},
        },
    )
