"""Learning by counting: what operators and verified runs say becomes priors.

Beta-Bernoulli with a uniform prior (mean = (right + 1) / (right + wrong + 2)), shown as a weight
around 1: twice the mean. With no label every weight is exactly 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from opsweave.facts import CauseKind, Label, Run, RunStatus

RIGHT, WRONG, NOISE, MERGE, SPLIT = (
    "right_cause",
    "wrong_cause",
    "noise",
    "merge",
    "split",
)
VERDICTS = (RIGHT, WRONG, NOISE, MERGE, SPLIT)
FAILED_RUNS = (RunStatus.FAILED, RunStatus.COMPENSATED)


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
    """Weights learnt so far, per cause kind and per runbook."""

    kinds: dict[str, Tally] = {}
    runbooks: dict[str, Tally] = {}
    symptoms: dict[str, Tally] = {}
    """By fingerprint of an alert: wrong counts verdicts of noise, right all others."""

    def noise(self, fingerprint: str) -> bool:
        """Whether an alert alone is no reason to call anybody: two verdicts of noise against none,
        five against one; any later verdict that is not noise counts the other way."""
        tally = self.symptoms.get(fingerprint)
        return tally is not None and tally.weight <= NOISE_WEIGHT

    def kind_weights(self) -> dict[CauseKind, float]:
        """Weight of each cause kind that somebody judged."""
        return {CauseKind(kind): tally.weight for kind, tally in self.kinds.items()}

    def runbook_weights(self) -> dict[str, float]:
        """Weight of each runbook that ran or was judged."""
        return {name: tally.weight for name, tally in self.runbooks.items()}


def priors(labels: Iterable[Label], runs: Iterable[Run]) -> Priors:
    """Count verdicts per cause kind, and verified against failed runs per runbook.

    The last verdict of one person on one incident counts, an earlier one is withdrawn by it.
    """
    latest: dict[tuple[str, str], Label] = {}
    said: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda item: item.at_ns):
        said[label.incident, label.by] = label
        if label.verdict in (RIGHT, WRONG) and label.cause_kind:
            latest[label.incident, label.by] = label
    heard = [(f, one.verdict == NOISE) for one in said.values() for f in one.fingerprints]
    noise = Counter(fingerprint for fingerprint, is_noise in heard if is_noise)
    meant = Counter(fingerprint for fingerprint, is_noise in heard if not is_noise)
    right = Counter(i.cause_kind for i in latest.values() if i.verdict == RIGHT)
    wrong = Counter(i.cause_kind for i in latest.values() if i.verdict == WRONG)
    good: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for run in runs:
        name = run.plan.runbook if run.plan else run.pipeline
        if run.verified:
            good[name] += 1
        elif run.status in FAILED_RUNS:
            bad[name] += 1
    return Priors(
        kinds={k: Tally(right=right[k], wrong=wrong[k]) for k in sorted(right | wrong)},
        runbooks={k: Tally(right=good[k], wrong=bad[k]) for k in sorted(good | bad)},
        symptoms={k: Tally(right=meant[k], wrong=noise[k]) for k in sorted(noise | meant)},
    )
