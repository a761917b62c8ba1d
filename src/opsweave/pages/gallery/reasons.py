"""Samples of causes and of progress."""

from __future__ import annotations

from opsweave.pages.base import Action, Health, Proof
from opsweave.pages.gallery.waves import MINUTE, burst, wave
from opsweave.pages.reasons import Dismissal, Hypotheses, Hypothesis, Part, Progress, Stage
from opsweave.pages.union import AnyWidget

_PARTS = (
    Part(name="onset", value=0.81, says="It began 40 s before the first symptom."),
    Part(name="change", value=0.64, says="A deployment ended 55 s before it began."),
    Part(name="reach", value=0.47, says="Five of six troubled services call it."),
    Part(name="history", value=-0.12, says="It was judged wrong once before."),
)


def samples(hour_ms: float) -> tuple[AnyWidget, ...]:
    """The tree of causes, a run under way, and a plan of which nothing is known yet."""
    return (_hypotheses(hour_ms), _run(hour_ms), _plan())


def _hypotheses(hour_ms: float) -> Hypotheses:
    calm = wave(48, 0.21, 0.02, 0.02)
    band = wave(48, 0.21, 0.02, 0.0)
    return Hypotheses(
        id="hypotheses",
        title="Probable causes (sample)",
        says="Ranked by how well each explains all symptoms; what was dismissed stands beneath.",
        proof=Proof(says="All signals of the last two hours.", n=1240, ids=("fact:sample-1",)),
        causes=(
            Hypothesis(
                id="h1",
                rank=1,
                entity="service:prod/shop/payment",
                entity_to="gallery",
                says="Version 3.4.1 of payment answers slowly since its deployment.",
                kind="deployment",
                change="payment 3.4.0 → 3.4.1 by Grace",
                change_to="gallery",
                score=0.86,
                onset_ms=hour_ms - 34 * MINUTE,
                parts=_PARTS,
                evidence=(
                    Proof(says="p99 of payment left its band.", n=96, ids=("fact:sample-2",)),
                    Proof(says="Timeouts of checkout towards payment.", n=212),
                ),
                falsified_by=("payment is calm again while checkout still fails",),
                spark=tuple(burst(calm, 30, 0.9)),
                spark_low=tuple(value - 0.06 for value in band),
                spark_high=tuple(value + 0.06 for value in band),
                spark_says="p99 of payment: 1.1 s, expected 0.15 to 0.27 s",
                actions=(
                    Action(
                        id="right", title="Right cause", path="gallery", disabled="Only a sample."
                    ),
                    Action(id="wrong", title="Wrong", path="gallery", disabled="Only a sample."),
                ),
            ),
            Hypothesis(
                id="h2",
                rank=2,
                entity="host:prod/-/node-7",
                entity_to="gallery",
                says="The disk of node-7 is slow.",
                kind="infrastructure",
                score=0.31,
                onset_ms=hour_ms - 31 * MINUTE,
                parts=(_PARTS[0], Part(name="reach", value=0.1, says="One of six runs on it.")),
                spark=tuple(burst(wave(48, 4, 0.5, 0.4, 4), 34, 3)),
                spark_says="Waiting for the disk: 7 ms",
            ),
        ),
        dismissed=(
            Dismissal(
                entity="service:prod/shop/search",
                entity_to="gallery",
                says="A flag of search was turned.",
                reason="Nothing that fails depends on search.",
                evidence=(Proof(says="The calls of an hour.", n=5210),),
            ),
            Dismissal(
                entity="database:prod/shop/orders",
                says="A new index on orders.",
                reason="It was made 3 h before the first symptom, and the load was no other since.",
            ),
        ),
        no_change_is_guilty=0.07,
    )


def _run(hour_ms: float) -> Progress:
    at = hour_ms - 12 * MINUTE
    return Progress(
        id="progress",
        title="Roll payment back (sample)",
        span=6,
        stages=(
            Stage(
                id="plan",
                title="Plan",
                state="approved",
                health=Health.GOOD,
                says="by Ada, after one look at the difference",
                from_ms=at,
                until_ms=at + 2 * MINUTE,
            ),
            Stage(
                id="do",
                title="Roll back to 3.4.0",
                state="done",
                health=Health.GOOD,
                from_ms=at + 2 * MINUTE,
                until_ms=at + 3.4 * MINUTE,
            ),
            Stage(
                id="verify",
                title="Verify",
                state="running",
                says="p99 falls: 0.41 s, wanted below 0.27 s for five minutes",
                from_ms=at + 3.4 * MINUTE,
            ),
            Stage(id="close", title="Close the incident", state="waiting"),
        ),
        done=0.68,
    )


def _plan() -> Progress:
    return Progress(
        id="progress-failed",
        title="Rebuild of the features (sample)",
        span=6,
        stages=(
            Stage(id="read", title="Read", state="done", health=Health.GOOD),
            Stage(
                id="join",
                title="Join",
                state="failed",
                health=Health.BAD,
                says="column “amount” is missing since the schema of Tuesday",
            ),
            Stage(id="write", title="Write", state="not begun", health=Health.UNKNOWN),
        ),
    )
