from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.runs.freeze import Freeze
from opsweave.runs.policy import Policy, load_policy, policy_of

WHOLE = """
approval: {mode: auto, max_risk: medium, principal: "on-call: ann", expires_s: 60}
unknown: refuse
freeze:
  - says: year end
    since: 2026-12-24T00:00:00Z
    until: 2027-01-02T00:00:00Z
    allow: [low]
  - {says: nights, days: [sat, sun], daily: 22:00-06:00}
error_budget: {risks: [high, medium], min_remaining: 0.2}
shadow: [purge-logs]
"""


def test_without_a_file_a_person_is_asked() -> None:
    assert load_policy(None) == Policy()
    assert Policy().approving.mode == "ask"
    assert Policy().approving.principal


def test_a_whole_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(WHOLE)
    policy = load_policy(path)
    assert policy.approving.principal == "on-call: ann"
    assert policy.freeze[1].daily == "22:00-06:00"
    assert policy.shadow == policy.shadowing.runbooks == ("purge-logs",)
    assert policy.shadowing.min_n == 0


def test_shadow_can_demand_a_threshold() -> None:
    rule = policy_of({"shadow": {"min_n": 5, "min_fixed_lower": 0.6, "max_harmed": 0}}).shadowing
    assert (rule.runbooks, rule.min_n, rule.min_fixed_lower) == ((), 5, 0.6)
    with pytest.raises(RejectInput, match="min_fixed_lower"):
        policy_of({"shadow": {"min_fixed_lower": 1.5}})


def test_the_mode_alone_is_short_for_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("approval: auto\n")
    assert load_policy(path).approving.mode == "auto"
    assert load_policy(path).approving.max_risk == "low"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("approval: maybe", "policy.yaml: approval"),
        ("limits: {per_incident: -1}", "policy.yaml: limits.per_incident"),
        ("limits: {per_incident: many}", "policy.yaml: limits.per_incident"),
        ("blast_radius: {max_hosts: 1}", "policy.yaml: blast_radius"),
        ("freeze: [{says: x}]", "policy.yaml: freeze[0].since"),
        ("freeze: [{says: x, since: soon}]", "policy.yaml: freeze[0].since"),
        ("freeze: [{says: x, daily: 6pm}]", "policy.yaml: freeze[0].daily"),
        ("error_budget: {min_remaining: 2}", "policy.yaml: error_budget.min_remaining"),
        ("approval: {mode: auto, principal: ''}", "policy.yaml: approval.principal"),
        ("[", "policy.yaml"),
        ("- a", "policy.yaml"),
    ],
)
def test_errors_name_the_file_and_the_field(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(RejectInput) as caught:
        load_policy(path)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2026-11-28T21:59:00Z", False),
        ("2026-11-28T22:00:00Z", True),  # a Saturday
        ("2026-11-29T05:59:00Z", True),
        ("2026-11-29T06:00:00Z", False),
        ("2026-11-30T05:00:00Z", True),  # Monday morning: the night began on Sunday
        ("2026-11-30T23:00:00Z", False),
        ("2026-11-28T01:00:00Z", False),  # the night that began on Friday
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: str, on: bool) -> None:
    window = Freeze(says="nights", days=("sat", "sun"), daily="22:00-06:00")
    assert window.covers(from_iso(at)) is on


def test_a_window_from_until() -> None:
    window = Freeze(says="x", since="2026-12-24T00:00:00Z", until="2027-01-02T00:00:00Z")
    assert not window.covers(from_iso("2026-12-23T23:59:59Z"))
    assert window.covers(from_iso("2026-12-24T00:00:00Z"))
    assert not window.covers(from_iso("2027-01-02T00:00:00Z"))
