"""What a runbook did, or would have done, in an incident."""

from __future__ import annotations

from enum import StrEnum

from opsweave.facts.base import Fact
from opsweave.facts.evidence import Evidence


class ShadowVerdict(StrEnum):
    """Judged from how the incident ended. Without evidence of a cure it is never ``fixed``."""

    FIXED = "fixed"
    HARMED = "harmed"
    NEITHER = "neither"


class Shadow(Fact, frozen=True, kw_only=True, tag="shadow"):
    """The verdict on one run; a later label can change it."""

    run: str
    runbook: str
    incident: str
    verdict: ShadowVerdict
    acted: bool = False
    """It acted, with somebody's approval; else it is what it would have done."""
    says: str = ""
    evidence: tuple[Evidence, ...] = ()
    at_ns: int = 0
