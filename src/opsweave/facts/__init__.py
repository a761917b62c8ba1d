"""Floor 1: the nouns every room shares. Immutable records, no behaviour beyond their own fields.

Times are nanoseconds since the Unix epoch (UTC), named ``*_ns``. ``ref`` and fields named
``entity`` hold the canonical spelling ``kind:environment/namespace/name``.
"""

from opsweave.facts.alert import Alert, AlertStatus, Severity
from opsweave.facts.base import Fact
from opsweave.facts.change import Change, ChangeKind
from opsweave.facts.entity import Entity, Relation, RelationKind, RelationPeriod
from opsweave.facts.event import Event
from opsweave.facts.evidence import Evidence
from opsweave.facts.incident import (
    Cause,
    CauseKind,
    Dismissed,
    Incident,
    IncidentStatus,
    Join,
    Label,
    TimelineEntry,
)
from opsweave.facts.run import (
    ActionCall,
    Approval,
    Diff,
    Gate,
    GateResult,
    Plan,
    Predicate,
    Run,
    RunStatus,
    StepRecord,
    StepStatus,
)
from opsweave.facts.shadow import Shadow, ShadowVerdict
from opsweave.facts.slo import Budget, Slo

__all__ = [
    "ActionCall",
    "Alert",
    "AlertStatus",
    "Approval",
    "Budget",
    "Cause",
    "CauseKind",
    "Change",
    "ChangeKind",
    "Diff",
    "Dismissed",
    "Entity",
    "Event",
    "Evidence",
    "Fact",
    "Gate",
    "GateResult",
    "Incident",
    "IncidentStatus",
    "Join",
    "Label",
    "Plan",
    "Predicate",
    "Relation",
    "RelationKind",
    "RelationPeriod",
    "Run",
    "RunStatus",
    "Severity",
    "Shadow",
    "ShadowVerdict",
    "Slo",
    "StepRecord",
    "StepStatus",
    "TimelineEntry",
]
