from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.facts import CauseKind
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.recovery.runbook import OWN, load_runbooks, read_runbook, resolved

RUNBOOKS = load_runbooks()
DOCUMENTED = Path(__file__).parents[4] / "docs" / "recovery.md"


@pytest.mark.parametrize("path", sorted(OWN.glob("*.yaml")), ids=lambda p: p.stem)
def test_our_own_are_valid(path: Path) -> None:
    runbook = read_runbook(path)
    assert runbook.says.endswith(".")
    assert {v.predicate for v in runbook.verify} >= {"alerts_resolved", "effect_present"}


def test_every_kind_of_cause_has_one() -> None:
    covered = {kind for runbook in RUNBOOKS for kind in runbook.causes}
    assert covered == set(CauseKind) - {CauseKind.UNKNOWN}


def test_all_are_documented() -> None:
    text = DOCUMENTED.read_text()
    assert [r.name for r in RUNBOOKS if f"`{r.name}`" not in text] == []


VALID = """
name: mine
says: Does it.
causes: [load]
steps:
  - action: scale
    arguments: {by: 2}
"""


def test_more_from_a_folder_and_ours_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(VALID)
    (tmp_path / "add-replica.yaml").write_text(VALID.replace("mine", "add-replica"))
    found = {r.name: r for r in load_runbooks(tmp_path)}
    assert set(found) == {r.name for r in RUNBOOKS} | {"mine"}
    assert found["add-replica"].says == "Does it."
    assert load_runbooks(tmp_path / "none", None) == RUNBOOKS


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("name: mine", "name: Mine", "mine.yaml: name"),
        ("name: mine", "name: other", "mine.yaml: name"),
        ("causes: [load]", "causes: [lode]", "mine.yaml: causes[0]"),
        ("causes: [load]", "causes: []", "mine.yaml: causes"),
        ("action: scale", "action: rm -rf", "mine.yaml: steps[0].action"),
        ("{by: 2}", "{by: {cause: n, kind: int}}", "mine.yaml: steps[0].arguments[...]"),
        ("{by: 2}", "{by: {cause: n, type: float}}", "mine.yaml: steps[0].arguments[...].type"),
        ("{by: 2}", "{by: [2]}", "mine.yaml: steps[0].arguments[...]"),
        ("says: Does it.", "risk: none", "mine.yaml: risk"),
        ("says: Does it.", "verify: [{predicate: hope}]", "mine.yaml: verify[0].predicate"),
        ("says: Does it.", "", "mine.yaml"),
        ("says: Does it.", "says: [", "mine.yaml"),
    ],
)
def test_errors_name_the_file_and_the_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(VALID.replace(old, new))
    with pytest.raises(RejectInput) as caught:
        read_runbook(path)
    assert caught.value.field == field


def arguments(name: str) -> dict[str, object]:
    runbook = next(r for r in RUNBOOKS if r.name == name)
    return dict(runbook.steps[0].arguments)


def test_arguments_are_typed_values() -> None:
    switch = arguments("switch-flag-back")
    assert resolved(switch, {"flag": "new-cart", "on": "true"}) == {"flag": "new-cart", "on": False}
    assert resolved(switch, {"flag": "{x} $(y)", "on": "false"})["flag"] == "{x} $(y)"
    assert resolved(arguments("undo-scaling"), {"version_from": "2"}) == {"replicas": 2}
    assert resolved(arguments("roll-back-deployment"), {}) == {}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("switch-flag-back", {"flag": "f"}),
        ("switch-flag-back", {"flag": "f", "on": "maybe"}),
        ("undo-scaling", {"version_from": "two"}),
        ("undo-scaling", {}),
    ],
)
def test_what_is_not_known_or_not_of_the_type_is_rejected(name: str, known: dict[str, str]) -> None:
    with pytest.raises(RejectInput):
        resolved(arguments(name), known)
