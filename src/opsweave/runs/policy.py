"""What an organisation allows: ``policy.yaml`` in the configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from opsweave.kernel.errors import RejectInput
from opsweave.runs.documents import convert_document, read_document
from opsweave.runs.freeze import Freeze

Risk = Literal["low", "medium", "high"]
RISKS: tuple[Risk, ...] = ("low", "medium", "high")
Mode = Literal["ask", "auto"]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, msgspec.Meta(gt=0.0)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class ApprovalRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who approves. ``auto``: ``principal`` does within ``max_risk``, and it is recorded."""

    mode: Mode = "ask"
    max_risk: Risk = "low"
    principal: Annotated[str, msgspec.Meta(min_length=1)] = "policy:auto"
    expires_s: Seconds = 900.0


class BlastRadius(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one plan may touch, by its targets and by what the dry run says it affects."""

    max_targets: Count = 2
    max_entities: Count = 6


class ErrorBudget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Plans of these risks need this share of every error budget left."""

    risks: tuple[Risk, ...] = ("high",)
    min_remaining: Share = 0.0


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Runs that acted, per incident ever and per target in the window."""

    per_incident: Count = 3
    per_target: Count = 4
    window_s: Seconds = 3600.0


class TrackRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a runbook's learnt weight (1 without data, in (0, 2)): it needs a person, or stops."""

    ask_below: float = 0.6
    refuse_below: float = 0.3


class ShadowRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a runbook must have shown in shadow before policy lets it act without a person."""

    runbooks: tuple[str, ...] = ()
    """These plan and dry-run but never act."""
    min_n: Count = 0
    """Incidents in which it was judged; 0 demands nothing."""
    min_fixed_lower: Share = 0.0
    """The lower bound (Wilson, 95 %) of the share that it would have fixed."""
    max_harmed: Count = 0
    """How often it may have harmed, once ``min_n`` is demanded."""


class Recovery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the loop may propose a run by itself."""

    min_confidence: Share = 0.2
    settle_s: float = 4.0
    """The first cause must have stayed the same for so long."""
    patience_s: float = 30.0
    """After so long the first cause is taken though it still changes."""
    max_runs: Count = 3


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole policy. The default one asks a person for every action."""

    approval: ApprovalRule | Mode = "ask"
    max_risk: Risk = "high"
    unknown: Literal["ask", "refuse"] = "ask"
    """What an UNKNOWN gate means: a person must approve, or nobody can."""
    blast_radius: BlastRadius = BlastRadius()
    freeze: tuple[Freeze, ...] = ()
    error_budget: ErrorBudget = ErrorBudget()
    limits: Limits = Limits()
    track_record: TrackRecord = TrackRecord()
    shadow: ShadowRule | tuple[str, ...] = ()
    """A list names runbooks that plan and dry-run but never act."""
    recovery: Recovery = Recovery()

    @property
    def shadowing(self) -> ShadowRule:
        """The rule, also when only names were given."""
        rule = self.shadow
        return rule if isinstance(rule, ShadowRule) else ShadowRule(runbooks=rule)

    @property
    def approving(self) -> ApprovalRule:
        """The rule, also when only the mode was given."""
        rule = self.approval
        return ApprovalRule(mode=rule) if isinstance(rule, str) else rule


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the default when there is none. RejectInput names file and field."""
    if path is None or not path.exists():
        return Policy()
    policy = read_document(path, Policy)
    for n, window in enumerate(policy.freeze):
        try:
            window.check()
        except RejectInput as error:
            raise RejectInput(
                error.says, field=f"{path.name}: freeze[{n}].{error.field}", action=error.action
            ) from error
    return policy


def policy_of(raw: object, *, name: str = "policy") -> Policy:
    """The policy of plain values."""
    return convert_document(raw, Policy, name=name)


def riskier(one: str, other: str) -> bool:
    """Whether a risk is above another; one that nobody knows is above all.

    >>> riskier("medium", "low"), riskier("low", "low"), riskier("odd", "high")
    (True, False, True)
    """
    rank: dict[str, int] = {name: n for n, name in enumerate(RISKS)}
    return rank.get(one, len(RISKS)) > rank[other]
