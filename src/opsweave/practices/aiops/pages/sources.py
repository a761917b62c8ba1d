"""What the pages of the room read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from opsweave.facts import Budget, Slo
from opsweave.graph import Graph
from opsweave.practices.aiops.learn import Priors
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.practices.aiops.store import IncidentStore
from opsweave.record.telemetry import TelemetryReader
from opsweave.runs.shadow import ShadowScore

Scores = Callable[[], Mapping[str, ShadowScore]]
BudgetAt = Callable[[Slo, int], Budget]
"""An objective's budget as the record shows it at a moment in nanoseconds."""


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Joined once by the server; everything is asked anew for each page."""

    store: IncidentStore
    graph: Graph
    telemetry: TelemetryReader
    runbooks: Sequence[Runbook] = ()
    scores: Scores = dict
    priors: Callable[[], Priors] = Priors
    slos: Sequence[Slo] = ()
    budget_at: BudgetAt = lambda slo, at_ns: Budget(slo=slo.id, at_ns=at_ns)
