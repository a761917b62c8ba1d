"""What runs: restart, replicas, logs, the job."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

from opsweave.demo.company.actions.plan import Call, Commit, Desk, Plan
from opsweave.demo.company.state import State
from opsweave.kernel.errors import RejectInput

MOST_REPLICAS = 4


def restart(desk: Desk, call: Call) -> Plan:
    """New processes for the old ones; a paused job is resumed."""
    role, wanted = call.role, desk.state.roles[call.role]
    old = [one.name for one in desk.fleet.routed(role)]

    def apply(commit: Commit) -> None:
        def resume(state: State) -> None:
            state.paused = [one for one in state.paused if one != role]

        def done() -> None:
            commit(resume)
            desk.publish()

        desk.fleet.roll(role, wanted.code[-1], wanted.config[-1], wanted.replicas, done)

    return Plan(
        says=f"Restart {desk.names.roles[role]}",
        apply=apply,
        before={"instances": old},
        after={"instances": f"{len(old)} new"},
        entities=(call.target,),
        change={"summary": f"Restart {desk.names.roles[role]}", "details": {"restart": True}},
    )


def scale(desk: Desk, call: Call) -> Plan:
    """Run ``replicas`` instances, or ``by`` more."""
    role = call.role
    now = desk.state.roles[role].replicas
    replicas, by = call.whole("replicas"), call.whole("by")
    if (replicas is None) == (by is None):
        raise RejectInput("either replicas or by is needed", field="replicas")
    to = replicas if replicas is not None else now + (by or 0)
    if not 1 <= to <= MOST_REPLICAS:
        raise RejectInput(
            f"would run {to} instances, 1 to {MOST_REPLICAS} are allowed",
            field="replicas" if by is None else "by",
        )

    def apply(commit: Commit) -> None:
        def change(state: State) -> None:
            state.roles[role].replicas = to

        desk.fleet.resize(role, to, lambda: commit(change))

    return Plan(
        says=f"Run {to} instances of {desk.names.roles[role]} instead of {now}",
        apply=apply,
        kind="scaling",
        before={"replicas": now},
        after={"replicas": to},
        entities=(call.target,),
        change={
            "summary": f"Run {to} instead of {now} instances",
            "version_from": str(now),
            "version_to": str(to),
            "details": {"replicas": [now, to]},
        },
    )


def purge_logs(desk: Desk, call: Call) -> Plan:
    """Empty the log folder, and have the service log as little as it is configured to."""
    role = call.role
    folder = desk.paths.services / role / "logs"

    def apply(commit: Commit) -> None:
        desk.fleet.signal(role, signal.SIGHUP)
        for path in folder.glob("*.log"):
            with suppress(FileNotFoundError):
                path.unlink()
        commit(lambda _: None)

    used = _bytes(folder)
    return Plan(
        says=f"Delete {used} bytes of logs of {desk.names.roles[role]}",
        apply=apply,
        before={"log_bytes": used},
        after={"log_bytes": 0},
        entities=(call.target,),
        change={"summary": "Purge the logs", "details": {"purged_bytes": used}},
    )


def stop_job(desk: Desk, call: Call) -> Plan:
    """End the running batch with all that it holds, and start no other until a restart."""
    role = call.role

    def apply(commit: Commit) -> None:
        def pause(state: State) -> None:
            if role not in state.paused:
                state.paused.append(role)

        commit(pause)
        desk.publish()
        desk.fleet.kill(role)
        desk.fleet.bring_up(role)

    return Plan(
        says=f"End the running batch of {desk.names.roles[role]} and pause the job",
        apply=apply,
        before={"paused": role in desk.state.paused},
        after={"paused": True},
        entities=(call.target, desk.names.entity("features")),
        change={"summary": "Stop the job", "details": {"paused": True}},
    )


def _bytes(folder: Path) -> int:
    if not folder.exists():
        return 0
    return sum(path.stat().st_size for path in folder.glob("*.log"))
