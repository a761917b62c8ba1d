"""Budgets and burn alerts against hand-computed figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.facts import Slo
from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.practices.sre.budget import Counted, budget_of
from opsweave.practices.sre.burn import RULES, burning, scaled
from opsweave.practices.sre.slos import load_slos

SLO = Slo(id="s", name="checkout", entity="service:demo/shop/checkout", target=0.99)


def test_period_ratio_is_a_sum_of_bad_over_a_sum_of_total_never_a_mean_of_ratios() -> None:
    quiet_and_busy = [Counted(0, 10, 5), Counted(5 * SECOND, 9_990, 0)]
    budget = budget_of(SLO, quiet_and_busy, 10 * SECOND)
    assert budget.remaining == pytest.approx(1 - 5 / (10_000 * 0.01))
    assert budget.evidence[0].n == 10_000


def test_no_data_is_none_and_not_a_full_budget() -> None:
    budget = budget_of(SLO, [], SECOND)
    assert (budget.good, budget.total, budget.remaining, budget.burn_rate) == (None,) * 4


def test_what_is_older_than_the_window_is_left_out() -> None:
    old = Counted(0, 100, 100)
    new = Counted(4_000 * SECOND, 100, 0)
    assert budget_of(SLO, [old, new], 4_001 * SECOND).remaining == 1.0


def test_thresholds_of_a_thirty_day_objective_are_the_workbooks() -> None:
    page = scaled(RULES[0], 30 * 86_400.0)
    assert (page.factor, page.long_s, page.short_s) == (14.4, 3_600, 300)


def test_burn_needs_both_windows_and_enough_events() -> None:
    now = 1_000 * SECOND
    steady = [Counted(now - k * 5 * SECOND, 50, 20) for k in range(1, 8)]
    assert burning(SLO, steady, now) is not None
    recovered = [
        item._replace(bad=0) if item.at_ns > now - 20 * SECOND else item for item in steady
    ]
    assert burning(SLO, recovered, now) is None
    few = [Counted(now - k * 5 * SECOND, 1, 1) for k in range(1, 8)]
    assert burning(SLO, few, now) is None


def test_a_rule_that_can_never_fire_is_left_out() -> None:
    loose = Slo(id="l", name="l", entity=SLO.entity, target=0.90)
    total_loss = [Counted(k * 5 * SECOND, 50, 50) for k in range(100)]
    rule = burning(loose, total_loss, 500 * SECOND)
    assert rule is not None
    assert rule.factor == 6.0


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("- {name: a, entity: nonsense, target: 0.9}", "entity"),
        ("- {name: '', entity: 'service:a/b/c'}", "slos.yaml[0].name"),
        ("- {name: a, entity: 'service:a/b/c', target: 1}", "slos.yaml[0].target"),
        (
            "- {name: a, entity: 'service:a/b/c', sli: latency}",
            "slos.yaml[0].threshold_ms",
        ),
        ("- {name: a, entity: 'service:a/b/c', sli: joy}", "slos.yaml[0].sli"),
        ("{a: [", "slos.yaml"),
        ("hello", "slos.yaml"),
    ],
)
def test_a_wrong_file_names_its_field(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "slos.yaml"
    path.write_text(text)
    with pytest.raises(RejectInput) as caught:
        load_slos(path)
    assert caught.value.field == field


def test_a_right_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "slos.yaml"
    path.write_text(
        "slos:\n- {name: fast, entity: 'service:a/b/c', sli: latency, threshold_ms: 300,"
        " target: 0.95, window_s: 600}\n"
    )
    (slo,) = load_slos(path)
    assert (slo.sli, slo.threshold_ms, slo.window_s) == ("latency", 300.0, 600.0)
