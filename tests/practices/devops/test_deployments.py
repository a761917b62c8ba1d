"""Failed deployments and recovery time, with what was excluded."""

from __future__ import annotations

from opsweave.facts import Cause, CauseKind, Change, ChangeKind, Incident
from opsweave.kernel.clock import SECOND
from opsweave.practices.devops.deployments import deployments_of, figures

CART = "service:demo/shop/cart"


def deployed(id_: str, at_s: int, **more: object) -> Change:
    return Change(
        id=id_,
        source="deployer",
        kind=ChangeKind.DEPLOYMENT,
        entity=CART,
        at_ns=at_s * SECOND,
        **more,  # type: ignore[arg-type]
    )


def incident(change: str | None, recovered_s: int | None) -> Incident:
    cause = Cause(
        rank=1,
        entity=CART,
        indicator="self_time_p95",
        kind=CauseKind.DEPLOYMENT,
        change=change,
    )
    return Incident(
        id=f"inc-{change}",
        opened_ns=SECOND,
        causes=(cause,),
        recovered_ns=recovered_s * SECOND if recovered_s else None,
    )


def test_recovery_time_runs_from_the_deployment_to_the_recovery() -> None:
    records = deployments_of(
        [deployed("a", 100), deployed("b", 200)],
        [incident("a", 160), incident(None, 900)],
    )
    assert [(d.change.id, d.failed, d.recovery_s) for d in records] == [
        ("b", False, None),
        ("a", True, 60.0),
    ]
    result = figures(records)
    assert (result.deployments, result.failed, result.change_fail_rate) == (2, 1, 0.5)
    assert result.recovery_s == 60.0


def test_rollbacks_are_counted_apart_and_open_failures_have_no_recovery() -> None:
    changes = [deployed("a", 100), deployed("back", 150, details={"rollback": True})]
    result = figures(deployments_of(changes, [incident("a", None)]))
    assert (result.deployments, result.rollbacks, result.recovery_s) == (1, 1, None)
    assert result.evidence[0].excluded == {"rollback": 1, "not recovered yet": 1}


def test_nothing_deployed_is_no_data_not_zero() -> None:
    result = figures([])
    assert result.change_fail_rate is None
    assert result.recovery_s is None
