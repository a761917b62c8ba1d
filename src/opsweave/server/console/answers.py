"""What handlers answer that encode their records themselves."""

from __future__ import annotations

from typing import Any, NamedTuple

from opsweave.facts import (
    Alert,
    Approval,
    Change,
    Entity,
    Incident,
    Label,
    Relation,
    Run,
)
from opsweave.pages import Page
from opsweave.practices.devops.deployments import Deployment
from opsweave.practices.sre.service import SloState
from opsweave.record.ledger.port import Counts
from opsweave.record.state import AuditEntry
from opsweave.server.console.api_pages import Nav
from opsweave.server.evidence import Resolved


class Items(NamedTuple):
    """``{"items": [...]}`` of one record."""

    of: Any


ANSWERS: dict[str, Any] = {
    "GET alerts": Items(Alert),
    "GET approvals": Items(Approval),
    "GET audit": Items(AuditEntry),
    "GET changes": Items(Change),
    "GET deployments": Items(Deployment),
    "GET entities": Items(Entity),
    "GET evidence": Resolved,
    "GET incidents": Items(Incident),
    "GET incidents/{id_}": Incident,
    "GET labels": Items(Label),
    "GET ledger": Counts,
    "GET pages": Nav,
    "GET pages/{path}": Page,
    "GET relations": Items(Relation),
    "GET runs": Items(Run),
    "GET runs/{id_}": Run,
    "GET slos": Items(SloState),
    "POST approvals/{id_}": Approval,
    "POST labels": Label,
}
"""By method and path below ``/api/v1/``. Some answers hold more than the record."""
