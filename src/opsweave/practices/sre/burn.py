"""Multi-window burn alerts (Site Reliability Workbook, chapter 5, table 5-8)."""

from __future__ import annotations

from typing import NamedTuple

from opsweave.facts import Alert, AlertStatus, Budget, Severity, Slo
from opsweave.facts.alert import episode_id, fingerprint_of
from opsweave.kernel.clock import SECOND
from opsweave.practices.sre.budget import Counted

MONTH_S = 30 * 86_400.0
MINIMUM_WINDOW_S = 15.0
MINIMUM_EVENTS = 20


class Rule(NamedTuple):
    """Fires when both windows burn faster than ``factor``; windows are for a period of 30 days."""

    factor: float
    long_s: float
    short_s: float
    severity: Severity


RULES = (
    Rule(14.4, 3_600, 300, Severity.CRITICAL),
    Rule(6.0, 21_600, 1_800, Severity.CRITICAL),
)


def scaled(rule: Rule, window_s: float) -> Rule:
    """The rule for an objective over ``window_s``: same share of the budget, floors kept.

    >>> scaled(RULES[0], 30 * 86_400.0).long_s
    3600.0
    >>> scaled(RULES[0], 3600.0).long_s
    30.0
    """
    share = window_s / MONTH_S
    short = max(MINIMUM_WINDOW_S, rule.short_s * share)
    return rule._replace(long_s=max(2 * short, rule.long_s * share), short_s=short)


def burn_rate(slo: Slo, buckets: list[Counted], at_ns: int, window_s: float) -> float | None:
    """Burn rate over the last ``window_s``; None when fewer than 20 events stand behind it."""
    recent = [item for item in buckets if item.at_ns >= at_ns - window_s * SECOND]
    total = sum(item.total for item in recent)
    if total < MINIMUM_EVENTS:
        return None
    return sum(item.bad for item in recent) / total / (1.0 - slo.target)


def burning(slo: Slo, buckets: list[Counted], at_ns: int) -> Rule | None:
    """The worst rule that fires; one that could never fire at this target is left out."""
    for rule in RULES:
        if rule.factor * (1.0 - slo.target) >= 1.0:
            continue
        fit = scaled(rule, slo.window_s)
        long = burn_rate(slo, buckets, at_ns, fit.long_s)
        short = burn_rate(slo, buckets, at_ns, fit.short_s)
        if long is not None and short is not None and long > rule.factor and short > rule.factor:
            return rule
    return None


def burn_alert(slo: Slo, budget: Budget, rule: Rule, started_ns: int, now_ns: int) -> Alert:
    """The alert that says so."""
    fingerprint = fingerprint_of(slo.tenant, "slo", slo.id)
    return Alert(
        id=episode_id(fingerprint, started_ns),
        tenant=slo.tenant,
        fingerprint=fingerprint,
        source="slo",
        entity=slo.entity,
        indicator=f"slo:{slo.name}",
        severity=rule.severity,
        status=AlertStatus.FIRING,
        symptom=True,
        says=f"{slo.name} burns its budget at more than {rule.factor:g} times the allowed rate",
        unit="1",
        seen=budget.burn_rate,
        expected_low=0.0,
        expected_high=rule.factor,
        score=1.0,
        started_ns=started_ns,
        observed_ns=now_ns,
        updated_ns=now_ns,
        labels={"slo": slo.name, "sli": slo.sli},
        evidence=budget.evidence,
    )
