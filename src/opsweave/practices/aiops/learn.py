"""Learning by counting: what operators and verified runs say becomes priors.

Beta-Bernoulli with a uniform prior (mean = (right + 1) / (right + wrong + 2)), shown as a weight
around 1: twice the mean. With no label every weight is exactly 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

import msgspec

from opsweave.facts import CauseKind, Label, Run, RunStatus, Severity

RIGHT, WRONG, NOISE, MERGE, SPLIT = (
    "right_cause",
    "wrong_cause",
    "noise",
    "merge",
    "split",
)
VERDICTS = (RIGHT, WRONG, NOISE, MERGE, SPLIT)
FAILED_RUNS = (RunStatus.FAILED, RunStatus.COMPENSATED)
ORDER = tuple(Severity)
"""The worst first."""
NOISE_WEIGHT = 0.5
"""Twice the posterior mean of "not noise" at which an alert opens no incident by itself."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Counts behind a weight: its evidence."""

    right: int = 0
    wrong: int = 0

    @property
    def weight(self) -> float:
        """2 x the posterior mean: in (0, 2), 1 without data.

        >>> Tally().weight
        1.0
        >>> Tally(right=3, wrong=0).weight
        1.6
        """
        return 2.0 * (self.right + 1) / (self.right + self.wrong + 2)


class Priors(msgspec.Struct, frozen=True, kw_only=True):
    """Weights learnt so far: per cause kind, per runbook, per alert."""

    kinds: dict[str, Tally] = {}
    runbooks: dict[str, Tally] = {}
    symptoms: dict[str, Tally] = {}
    """By fingerprint of an alert: wrong counts verdicts of noise, right all others."""
    noisy_at: dict[str, Severity] = {}
    """By fingerprint: the worst severity that was called noise."""

    def noise(self, fingerprint: str, severity: Severity) -> bool:
        """Whether an alert alone is no reason to call anybody: two verdicts of noise against none,
        five against one, unless it is more severe than what was called noise."""
        tally = self.symptoms.get(fingerprint)
        if tally is None or tally.weight > NOISE_WEIGHT:
            return False
        return not worse(severity, self.noisy_at[fingerprint])

    def kind_weights(self) -> dict[CauseKind, float]:
        """Weight of each cause kind that somebody judged."""
        return {CauseKind(kind): tally.weight for kind, tally in self.kinds.items()}

    def runbook_weights(self) -> dict[str, float]:
        """Weight of each runbook that ran or was judged."""
        return {name: tally.weight for name, tally in self.runbooks.items()}


def worse(one: Severity, other: Severity) -> bool:
    """Whether ``one`` is more severe.

    >>> worse(Severity.CRITICAL, Severity.WARNING)
    True
    """
    return ORDER.index(one) < ORDER.index(other)


def priors(labels: Iterable[Label], runs: Iterable[Run]) -> Priors:
    """Count verdicts per cause kind, runbook and alert, and what came of each runbook's runs.

    The last verdict of one person on one incident counts, an earlier one is withdrawn by it.
    """
    judged: dict[tuple[str, str], Label] = {}
    said: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda item: item.at_ns):
        said[label.incident, label.by] = label
        if label.verdict in (RIGHT, WRONG):
            judged[label.incident, label.by] = label
    right = Counter(i.cause_kind for i in judged.values() if i.verdict == RIGHT and i.cause_kind)
    wrong = Counter(i.cause_kind for i in judged.values() if i.verdict == WRONG and i.cause_kind)
    good = Counter(i.runbook for i in judged.values() if i.verdict == RIGHT and i.runbook)
    bad = Counter(i.runbook for i in judged.values() if i.verdict == WRONG and i.runbook)
    for run in runs:
        name = run.plan.runbook if run.plan else run.pipeline
        if run.verified:
            good[name] += 1
        elif run.status in FAILED_RUNS:
            bad[name] += 1
    symptoms, noisy_at = _noise(said.values())
    return Priors(
        kinds={k: Tally(right=right[k], wrong=wrong[k]) for k in sorted(right | wrong)},
        runbooks={k: Tally(right=good[k], wrong=bad[k]) for k in sorted(good | bad)},
        symptoms=symptoms,
        noisy_at=noisy_at,
    )


def _noise(said: Iterable[Label]) -> tuple[dict[str, Tally], dict[str, Severity]]:
    """Per fingerprint: verdicts on incidents that it was a symptom of, and the worst called so."""
    noise: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    worst: dict[str, Severity] = {}
    for label in said:
        pairs = zip_longest(label.fingerprints, label.severities, fillvalue=Severity.CRITICAL)
        for fingerprint, severity in pairs:
            if label.verdict != NOISE:
                meant[fingerprint] += 1
                continue
            noise[fingerprint] += 1
            if worse(severity, worst.get(fingerprint, Severity.INFO)):
                worst[fingerprint] = severity
            worst.setdefault(fingerprint, severity)
    tallies = {k: Tally(right=meant[k], wrong=noise[k]) for k in sorted(noise | meant)}
    return tallies, worst
