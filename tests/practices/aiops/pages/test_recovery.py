"""Recovery, a run and a runbook: decisions first, each bound to its plan; shadow with n."""

from __future__ import annotations

import msgspec
import pytest
from tests.practices.aiops.signals.rows import at

from opsweave.facts import Evidence, Run, RunStatus, Shadow, ShadowVerdict, StepRecord, StepStatus
from opsweave.kernel.errors import NotThere
from opsweave.pages import Health, Page, State
from opsweave.runs.shadow import ShadowScore

from .shop import APPROVAL, ONSET, PLAN, RUN, Shop, widget


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    scores = {"roll-back-deployment": ShadowScore(fixed=8, neither=2)}
    shop.sources = msgspec.structs.replace(shop.sources, scores=lambda: scores)
    return shop


def made(shop: Shop, pattern: str, **asked: str) -> Page:
    from opsweave.practices.aiops.pages import pages

    shop.specs = {spec.pattern: spec for spec in pages(shop.sources)}
    return shop.page(pattern, **asked)


def test_decisions_come_first_and_carry_the_hash(shop):
    page = made(shop, "recovery")
    assert [section.id for section in page.sections] == ["waiting", "runs", "runbooks"]
    table = widget(page, "waiting")
    (row,) = table.rows
    assert row.actions == ("approve-run-1", "reject-run-1")
    actions = {action.id: action for action in table.actions}
    assert actions["approve-run-1"].body["plan_hash"] == PLAN.hash
    assert actions["reject-run-1"].ask == "reason"
    assert row.cells["plan"].value == "roll_back orders (to 2.0)"
    assert shop.specs["recovery"].news().count == 1


def test_what_has_expired_waits_no_more(shop):
    shop.state.put(msgspec.structs.replace(APPROVAL, expires_ns=at(ONSET)))
    table = widget(made(shop, "recovery"), "waiting")
    assert (table.state, table.missing) == (State.EMPTY, "Nothing waits for a decision.")


def test_more_that_wait_than_are_shown_are_not_counted(shop, monkeypatch):
    monkeypatch.setattr("opsweave.practices.aiops.pages.recovery.MOST_WAITING", 1)
    assert widget(made(shop, "recovery"), "waiting").total == 1
    shop.state.put(msgspec.structs.replace(APPROVAL, id="later", requested_ns=at(ONSET + 40)))
    table = widget(made(shop, "recovery"), "waiting")
    assert (table.total, len(table.rows), table.says) == (
        None,
        1,
        "Of the oldest 1; there are more.",
    )


def test_runbooks_show_shadow_with_n_and_no_data_is_none(shop):
    rows = {row.id: row.cells for row in widget(made(shop, "recovery"), "runbooks").rows}
    assert rows["roll-back-deployment"]["n"].value == 10
    assert rows["roll-back-deployment"]["fixed"].value == pytest.approx(0.49, abs=0.01)
    assert rows["stop-job"]["fixed"].value is None


def test_runs_are_paged_and_filtered(shop, monkeypatch):
    monkeypatch.setattr("opsweave.practices.aiops.pages.recovery.ROWS", 2)
    for n in range(3):
        status = RunStatus.FAILED if n else RunStatus.SUCCEEDED
        shop.state.put(msgspec.structs.replace(RUN, id=f"r{n}", status=status, started_ns=at(n)))
    first = widget(made(shop, "recovery"), "runs")
    assert ([row.id for row in first.rows], first.total) == (["run-1", "r2"], 4)
    rest = widget(made(shop, "recovery", runs__after=first.next), "runs")
    assert [row.id for row in rest.rows] == ["r1", "r0"]
    failed = widget(made(shop, "recovery", run_status="failed"), "runs")
    assert failed.total == 2
    assert {v.value: v.n for v in failed.facets[0].values} == {
        "failed": 2, "succeeded": 1, "waiting": 1,
    }  # fmt: skip


def test_a_run_tells_its_steps_and_its_verdict(shop):
    step = StepRecord(name="roll_back orders", status=StepStatus.DONE, at_ns=at(9), attempt=2)
    done = msgspec.structs.replace(
        RUN, status=RunStatus.SUCCEEDED, steps=(step,), verified=True, ended_ns=at(ONSET + 90),
        verification=("symptoms resolved",),
    )  # fmt: skip
    shop.state.put(done)
    shop.state.put(
        Shadow(
            id="shadow-run-1", run="run-1", runbook="roll-back", incident="inc-1", acted=True,
            verdict=ShadowVerdict.FIXED, says="it went away", evidence=(Evidence(id="x", says=""),),
        )
    )  # fmt: skip
    page = made(shop, "recovery/runs/{id}", id="run-1")
    stages = {stage.id: stage for stage in widget(page, "run-run-1").stages}
    assert (stages["step-0"].state, stages["verify"].state) == ("done (attempt 2)", "holds")
    assert page.health is Health.GOOD
    assert widget(page, "shadow").paragraphs == ("It acted.", "it went away")
    body = msgspec.json.decode(widget(page, "journal-run-1").code, type=Run)
    assert body == done
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page


def test_a_run_that_waits_can_be_decided_on_its_page(shop):
    page = made(shop, "recovery/runs/{id}", id="run-1")
    assert [action.key for action in page.actions] == ["o", "d"]
    assert widget(page, "shadow").missing == "Not judged yet."
    with pytest.raises(NotThere):
        made(shop, "recovery/runs/{id}", id="nowhere")


def test_a_runbook_shows_its_definition_and_its_runs(shop):
    page = made(shop, "recovery/runbooks/{name}", name="roll-back-deployment")
    assert widget(page, "fixed").proof.n == 10
    assert "name: roll-back-deployment" in widget(page, "definition").code
    assert [row.id for row in widget(page, "runs").rows] == ["run-1"]
    other = made(shop, "recovery/runbooks/{name}", name="stop-job")
    assert widget(other, "fixed").state is State.EMPTY
    assert widget(other, "runs").missing == "No run is on record yet."
    with pytest.raises(NotThere):
        made(shop, "recovery/runbooks/{name}", name="nowhere")


def test_who_approves_sees_every_dry_run_and_every_step_of_the_plan(shop):
    one = RUN.diffs[0]
    diffs = tuple(msgspec.structs.replace(one, before=f"old {n}", says=f"v{n}") for n in range(9))
    plan = msgspec.structs.replace(PLAN, calls=PLAN.calls * 3, compensations=())
    shop.state.put(msgspec.structs.replace(RUN, diffs=diffs, plan=plan))
    page = made(shop, "recovery/runs/{id}", id="run-1")
    (section,) = [section for section in page.sections if section.id == "diffs"]
    shown = "\n".join(f"{diff.says} {diff.before}" for diff in section.widgets)
    assert all(f"old {n}" in shown for n in range(9))
    assert section.widgets[-1].title == "3 more actions"
    assert section.widgets[-1].proof.n == 3
    steps = widget(page, "plan-run-1").rows
    assert [row.cells["undo"].value for row in steps] == ["nothing"] * 3
