"""Gates: each answers PASS, FAIL or UNKNOWN with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from opsweave.facts import Budget, Diff, Gate, GateResult, Plan, Run, RunStatus
from opsweave.kernel.clock import SECOND
from opsweave.runs.plan import intact, targets_of
from opsweave.runs.policy import RISKS, Policy, riskier
from opsweave.runs.shadow import ShadowScore

_REFUSED = (RunStatus.REFUSED, RunStatus.PLANNED, RunStatus.WAITING)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """All that gates look at. ``None`` is *could not be read*, never *nothing*."""

    plan: Plan
    policy: Policy
    now_ns: int
    run: str = ""
    offers: Mapping[str, Sequence[str]] | None = None
    history: Sequence[Run] = ()
    """Other runs, newest first."""
    budgets: Sequence[Budget] | None = ()
    weights: Mapping[str, float] | None = {}
    diffs: Sequence[Diff] = ()
    shadows: Mapping[str, ShadowScore] | None = {}
    """How each runbook did in shadow."""


Judge = Callable[[Scene], GateResult]


def _answer(gate: str, verdict: Gate, *reasons: str) -> GateResult:
    return GateResult(gate=gate, verdict=verdict, reasons=reasons)


def integrity(scene: Scene) -> GateResult:
    """The plan is the one that its hash names."""
    if intact(scene.plan):
        return _answer("integrity", Gate.PASS, f"the plan's hash is {scene.plan.hash[:12]}")
    return _answer("integrity", Gate.FAIL, "the plan is not the one that its hash names")


def target(scene: Scene) -> GateResult:
    """Each target offers its action."""
    if scene.offers is None:
        return _answer("target", Gate.UNKNOWN, "the targets could not be asked what they offer")
    missing = [
        f"{call.target} does not offer {call.action}"
        for call in scene.plan.calls
        if call.action not in scene.offers.get(call.target, ())
    ]
    if not scene.plan.calls:
        missing.append("the plan does nothing")
    if missing:
        return _answer("target", Gate.FAIL, *missing)
    return _answer("target", Gate.PASS, "every target offers its action")


def risk(scene: Scene) -> GateResult:
    """The plan's risk is known and within the policy's highest."""
    given, highest = scene.plan.risk, scene.policy.max_risk
    if given not in RISKS:
        return _answer("risk", Gate.UNKNOWN, f"nobody knows the risk {given!r}")
    if riskier(given, highest):
        return _answer("risk", Gate.FAIL, f"risk {given} is above {highest}")
    return _answer("risk", Gate.PASS, f"risk {given}, at most {highest} allowed")


def freeze(scene: Scene) -> GateResult:
    """No freeze window is on that concerns this risk."""
    windows = [
        window
        for window in scene.policy.freeze
        if window.covers(scene.now_ns) and scene.plan.risk not in window.allow
    ]
    if windows:
        return _answer("freeze", Gate.FAIL, *(f"frozen: {w.says}" for w in windows))
    return _answer("freeze", Gate.PASS, "no freeze window is on")


def error_budget(scene: Scene) -> GateResult:
    """Risky plans need budget left."""
    rule = scene.policy.error_budget
    if scene.plan.risk not in rule.risks:
        return _answer("error_budget", Gate.PASS, f"does not concern risk {scene.plan.risk}")
    if scene.budgets is None:
        return _answer("error_budget", Gate.UNKNOWN, "the budgets could not be read")
    spent, unknown = [], []
    for budget in scene.budgets:
        if budget.remaining is None:
            unknown.append(f"{budget.slo} has no data")
        elif budget.remaining < rule.min_remaining:
            spent.append(f"{budget.slo} has {budget.remaining:.0%} of its budget left")
    if spent:
        return _answer("error_budget", Gate.FAIL, *spent)
    if unknown:
        return _answer("error_budget", Gate.UNKNOWN, *unknown)
    return _answer("error_budget", Gate.PASS, f"at least {rule.min_remaining:.0%} left everywhere")


def limits(scene: Scene) -> GateResult:
    """Not too many runs for this incident, nor on one target in a window."""
    rule = scene.policy.limits
    since = scene.now_ns - int(rule.window_s * SECOND)
    acted = [run for run in scene.history if run.status not in _REFUSED and run.plan is not None]
    mine = [run for run in acted if scene.plan.incident and run.incident == scene.plan.incident]
    reasons = []
    if len(mine) >= rule.per_incident:
        reasons.append(f"{len(mine)} runs acted for {scene.plan.incident} already")
    for entity in targets_of(scene.plan):
        n = sum(
            1 for r in acted if r.plan and r.started_ns >= since and entity in targets_of(r.plan)
        )
        if n >= rule.per_target:
            reasons.append(f"{n} runs acted on {entity} in {rule.window_s:.0f} s")
    if reasons:
        return _answer("limits", Gate.FAIL, *reasons)
    return _answer("limits", Gate.PASS, f"{len(mine)} of {rule.per_incident} runs for the incident")


def doubt(scene: Scene) -> GateResult:
    """No target is in an unknown state after another run."""
    mine = set(targets_of(scene.plan))
    since = scene.now_ns - int(scene.policy.limits.window_s * SECOND)
    reasons = [
        f"{run.id} ended as UNKNOWN on {', '.join(sorted(shared))}"
        for run in scene.history
        if run.status is RunStatus.UNKNOWN and run.plan is not None and run.started_ns >= since
        if (shared := mine & set(targets_of(run.plan)))
    ]
    if reasons:
        return _answer("doubt", Gate.UNKNOWN, *reasons)
    return _answer("doubt", Gate.PASS, "no target is in doubt")


def track_record(scene: Scene) -> GateResult:
    """The runbook has earned it: its learnt weight."""
    rule, name = scene.policy.track_record, scene.plan.runbook
    if scene.weights is None:
        return _answer("track_record", Gate.UNKNOWN, "the weights could not be read")
    weight = scene.weights.get(name, 1.0)
    says = f"{name} has weight {weight:.2f}"
    if weight < rule.refuse_below:
        return _answer("track_record", Gate.FAIL, f"{says}, below {rule.refuse_below:.2f}")
    if weight < rule.ask_below:
        return _answer("track_record", Gate.UNKNOWN, f"{says}, below {rule.ask_below:.2f}")
    return _answer("track_record", Gate.PASS, says)


def shadow(scene: Scene) -> GateResult:
    """Not in shadow, and good enough there: else a person must approve. No data is never good."""
    rule, name = scene.policy.shadowing, scene.plan.runbook
    if name in rule.runbooks:
        return _answer("shadow", Gate.FAIL, f"{name} is in shadow: it plans, never acts")
    if not rule.min_n:
        return _answer("shadow", Gate.PASS, "the policy demands nothing of it")
    if scene.shadows is None:
        return _answer("shadow", Gate.UNKNOWN, "the verdicts of shadow could not be read")
    score = scene.shadows.get(name, ShadowScore())
    lower = score.fixed_lower or 0.0
    short = [
        (score.n < rule.min_n, f"judged {score.n} times, {rule.min_n} wanted"),
        (
            lower < rule.min_fixed_lower,
            f"at least {lower:.0%} fixed, {rule.min_fixed_lower:.0%} wanted",
        ),
        (score.harmed > rule.max_harmed, f"harmed {score.harmed} times, {rule.max_harmed} allowed"),
    ]
    reasons = [f"{name} in shadow: {says}" for missing, says in short if missing]
    if reasons:
        return _answer("shadow", Gate.UNKNOWN, *reasons)
    return _answer("shadow", Gate.PASS, f"{name} would have fixed {score.fixed} of {score.n}")


def blast_radius(scene: Scene) -> GateResult:
    """The targets, and after the dry run the entities affected, are few enough."""
    rule = scene.policy.blast_radius
    targets = targets_of(scene.plan)
    affected = sorted({e for diff in scene.diffs for e in diff.entities} | set(targets))
    reasons = []
    if len(targets) > rule.max_targets:
        reasons.append(f"{len(targets)} targets, {rule.max_targets} allowed")
    if len(affected) > rule.max_entities:
        names = ", ".join(affected[:8])
        reasons.append(f"{len(affected)} entities, {rule.max_entities} allowed: {names}")
    if reasons:
        return _answer("blast_radius", Gate.FAIL, *reasons)
    return _answer("blast_radius", Gate.PASS, f"{len(affected)} entities affected")


BEFORE: tuple[Judge, ...] = (
    integrity, target, risk, freeze, error_budget, limits, doubt, track_record, blast_radius,
)  # fmt: skip
"""Asked before anything else."""
AFTER_DRY_RUN: tuple[Judge, ...] = (blast_radius, shadow)
"""A runbook in shadow is dry-run like any other: people see what it would have touched."""
DISPATCH: tuple[Judge, ...] = (integrity, freeze, limits, doubt)
"""Asked again at the last moment."""


def judge(scene: Scene, gates: Sequence[Judge]) -> tuple[GateResult, ...]:
    """The answers of all gates: all of them, so that a person sees every reason at once."""
    return tuple(gate(scene) for gate in gates)


def overall(results: Sequence[GateResult]) -> Gate:
    """FAIL wins over UNKNOWN, which wins over PASS. No gate at all is UNKNOWN."""
    verdicts = {result.verdict for result in results}
    for verdict in (Gate.FAIL, Gate.UNKNOWN, Gate.PASS):
        if verdict in verdicts:
            return verdict
    return Gate.UNKNOWN


def merged(old: Sequence[GateResult], new: Sequence[GateResult]) -> tuple[GateResult, ...]:
    """The latest answer of each gate, in the order in which they were first asked."""
    latest = {result.gate: result for result in (*old, *new)}
    return tuple(latest.values())
