"""Learning by counting."""

from __future__ import annotations

from opsweave.facts import Label, Plan, Run, RunStatus
from opsweave.practices.aiops.learn import priors


def label(verdict: str, *, incident: str = "i1", by: str = "ann", at: int = 1) -> Label:
    return Label(
        id=f"{incident}{by}{at}",
        incident=incident,
        verdict=verdict,
        by=by,
        at_ns=at,
        cause_kind="flag",
    )


def run(verified: bool | None, status: RunStatus) -> Run:
    plan = Plan(runbook="undo-flag", incident="i", cause_kind="flag", calls=(), compensations=())
    return Run(id="r", pipeline="recovery", plan=plan, verified=verified, status=status)


def test_without_labels_nothing_is_preferred() -> None:
    assert priors([], []).kind_weights() == {}


def test_right_raises_and_wrong_lowers_a_kind() -> None:
    many_right = [label("right_cause", incident=f"i{n}") for n in range(4)]
    many_wrong = [label("wrong_cause", incident=f"i{n}") for n in range(4)]
    assert priors(many_right, []).kind_weights()["flag"] > 1.5  # type: ignore[index]
    assert priors(many_wrong, []).kind_weights()["flag"] < 0.5  # type: ignore[index]


def test_a_later_verdict_of_the_same_person_withdraws_the_earlier_one() -> None:
    learnt = priors([label("right_cause", at=1), label("wrong_cause", at=2)], [])
    assert (learnt.kinds["flag"].right, learnt.kinds["flag"].wrong) == (0, 1)


def test_runs_that_wait_or_were_refused_say_nothing_about_a_runbook() -> None:
    runs = [
        run(True, RunStatus.SUCCEEDED),
        run(False, RunStatus.COMPENSATED),
        run(None, RunStatus.WAITING),
        run(None, RunStatus.REFUSED),
    ]
    tally = priors([], runs).runbooks["undo-flag"]
    assert (tally.right, tally.wrong) == (1, 1)
