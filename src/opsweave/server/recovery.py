"""Joins the engine of runs to what it needs: actuators, policy, verifier, budgets, priors."""

from __future__ import annotations

from collections.abc import Sequence

from opsweave.graph import Graph
from opsweave.kernel.clock import Clock
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.practices.aiops.room import Room
from opsweave.practices.aiops.stages.recover import RecoverStage
from opsweave.practices.sre.service import SloService
from opsweave.runs.admission import Sources
from opsweave.runs.engine import RunEngine
from opsweave.runs.policy import Policy
from opsweave.runs.ports import Actuator
from opsweave.server.stores import Stores


def make_engine(
    *,
    stores: Stores,
    room: Room,
    slos: SloService,
    policy: Policy,
    actuators: Sequence[Actuator],
    clock: Clock,
) -> RunEngine:
    """The engine over the stores of one data folder."""
    return RunEngine(
        state=stores.state,
        database=stores.folder.runs,
        actuators=actuators,
        verifier=room.verifier,
        policy=policy,
        clock=clock,
        sources=Sources(
            weights=lambda: room.priors().runbook_weights(),
            budgets=lambda: [state.budget for state in slos.states()],
            shadows=room.shadow.scores,
        ),
    )


def make_recover_stage(
    *,
    engine: RunEngine,
    room: Room,
    graph: Graph,
    runbooks: Sequence[Runbook],
    policy: Policy,
    clock: Clock,
) -> RecoverStage:
    """The loop's last stage; neighbours come from the graph as it is at that moment."""

    def related(entity: str) -> list[str]:
        return sorted(graph.snapshot().neighbours.get(entity, ()))

    return RecoverStage(room.store, engine, runbooks, policy, room.priors, clock, related)
