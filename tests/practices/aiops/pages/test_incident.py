"""The incident page: every part says what the record says, and why when it says nothing."""

from __future__ import annotations

import msgspec
import pytest
from tests.practices.aiops.signals.rows import CART, DB, GATE, at

from opsweave.facts import Incident, Label
from opsweave.kernel.errors import NotThere
from opsweave.pages import Page, State

from .shop import INCIDENT, NOW, ONSET, PLAN, RUN, SLO, Shop, seconds, widget

INCIDENTS = "incidents/{id}"


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="module")
def page(shop) -> Page:
    return shop.page(INCIDENTS, id="inc-1")


def test_it_goes_over_the_wire_and_back(page):
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page


def test_ids_are_unique_and_every_part_is_there(page):
    ids = [w.id for section in page.sections for w in section.widgets]
    assert len(ids) == len(set(ids))
    assert [section.id for section in page.sections] == [
        "impact", "why", "recovery", "timeline", "map", "symptoms", "alerts", "similar",
        "verdicts", "review",
    ]  # fmt: skip


def test_every_widget_with_nothing_says_what_is_missing(page):
    for section in page.sections:
        for one in section.widgets:
            if one.state is not State.OK:
                assert one.missing, one.id


def test_the_head_says_how_bad_how_long_and_who(page):
    said = {fact.title: fact for fact in page.facts}
    assert (page.health_text, said["Severity"].text) == ("recovering", "critical")
    assert seconds(said["Lasts"].since_ms) == ONSET
    assert said["Who works on it"].text == "nobody yet"
    assert seconds(said["Explained"].at_ms) == ONSET + 20


def test_actions_have_keys_of_their_own_and_the_plan_comes_first(page):
    keys = [action.key for action in page.actions]
    assert keys == ["o", "d", "a", "t", "y", "n", "x", "m", "c"]
    approve = page.actions[0]
    assert approve.path == "approvals/approval-1"
    assert approve.body == {"decision": "approve", "plan_hash": PLAN.hash}


def test_who_may_not_is_told_so(shop):
    page = shop.page(INCIDENTS, id="inc-1", may="read")
    assert {action.disabled for action in page.actions} == {"Needs a token with the scope approve."}
    assert widget(page, "alerts").actions[0].disabled


def test_the_budget_before_and_after_with_its_proof(page):
    stat = widget(page, "impact-gate-errors-budget")
    assert (stat.text, stat.value) == ("90.0 % -> 20.0 %", 0.2)
    assert len(stat.proof.ids) == 2


def test_the_objective_that_lost_most_has_three_cards_the_others_one():
    slos = tuple(
        msgspec.structs.replace(SLO, id=f"slo-{n}", name=f"slo {n}", entity=entity)
        for n, entity in enumerate((GATE, CART, DB))
    )
    page = Shop(slos=slos).page(INCIDENTS, id="inc-1", widget="impact")
    assert [w.id for w in page.sections[0].widgets] == [
        "impact-slo-0-objective", "impact-slo-0-budget", "impact-slo-0-burn",
        "impact-slo-1-budget", "impact-slo-2-budget",
    ]  # fmt: skip


def test_no_objective_is_said(shop):
    note = widget(Shop(slos=()).page(INCIDENTS, id="inc-1"), "impact-none")
    assert note.state is State.EMPTY
    assert "No service level objective" in note.missing


def test_causes_carry_parts_in_words_a_picture_and_what_refutes_them(page):
    why = widget(page, "causes")
    first, second = why.causes
    assert (first.entity, first.change_to) == (DB, "changes/deploy-7")
    assert {part.name: bool(part.says) for part in first.parts} == {
        "own": True, "timing": True, "something new": False,
    }  # fmt: skip
    assert max(y for y in first.spark if y is not None) > 400 > first.spark_high[0]
    assert first.falsified_by
    assert first.evidence[0].ids == ("change:state:deploy-7@1",)
    assert second.spark == ()
    assert "not kept" in second.spark_says
    assert why.dismissed[0].reason == "healthy for 900 s after it"
    assert why.no_change_is_guilty == 0.1


def test_one_axis_for_all_and_the_first_cause_is_lit(page):
    line = widget(page, "timeline")
    assert [moment.id for moment in line.moments if moment.lit] == ["deploy-7"]
    lanes = {moment.id: moment.lane for moment in line.moments}
    assert (lanes["flag-1"], lanes["alert-1"], lanes["entry-1"]) == ("flags", "alerts", "actions")
    assert {lane.id for lane in line.lanes} >= set(lanes.values())
    assert seconds(line.from_ms) == ONSET - 1800
    assert seconds(line.until_ms) == NOW
    assert next(m for m in line.moments if m.id == "alert-1").open


def test_without_a_change_the_alert_that_shows_the_cause_is_lit():
    shop = Shop()
    top = msgspec.structs.replace(INCIDENT.causes[0], change=None, indicator="pool")
    shop.state.put(msgspec.structs.replace(INCIDENT, causes=(top,)))
    line = widget(shop.page(INCIDENTS, id="inc-1"), "timeline")
    assert [moment.id for moment in line.moments if moment.lit] == ["alert-3"]


def test_the_cut_lights_the_path_from_symptom_to_cause(page):
    cut = widget(page, "map")
    assert {(e.source, e.target) for e in cut.edges if e.lit} == {(GATE, CART), (CART, DB)}
    at_ = {node.id: node.x for node in cut.nodes}
    assert at_[GATE] < at_[CART] < at_[DB] < cut.width
    assert len(cut.nodes) == 4


def test_symptoms_are_drawn_with_band_and_marks(page):
    series = widget(page, "symptom-0")
    (line,) = series.lines
    assert len(series.x_ms) == len(line.y) == len(line.high) <= 2000
    late = [y for x, y in zip(series.x_ms, line.y, strict=True) if seconds(x) >= ONSET + 10 and y]
    assert min(late) > line.high[0]
    assert {mark.says for mark in series.marks} >= {"orders 2.1", "onset"}
    assert series.proof.n > 100


def test_the_recovery_panel_shows_plan_dry_run_gates_and_what_must_hold(page):
    progress = widget(page, "run-run-1")
    assert [a.id for a in progress.actions] == ["approve-run-1", "reject-run-1"]
    assert [stage.id for stage in progress.stages] == [
        "plan", "gates", "approval", "step-0", "verify",
    ]  # fmt: skip
    assert (progress.stages[1].state, progress.stages[2].state) == ("UNKNOWN", "waiting")
    diff = widget(page, "diff-run-1-0")
    assert (diff.before, diff.after) == ("2.1", "2.0")
    assert widget(page, "plan-run-1").rows[0].cells["undo"].value == "deploy orders (version 2.1)"
    assert widget(page, "gates-run-1").rows[1].cells["verdict"].health == "unknown"
    assert "symptoms resolve" in widget(page, "verify-run-1").paragraphs[0]


def test_why_nothing_is_done_is_said():
    shop = Shop()
    entry = INCIDENT.timeline[0]
    said = msgspec.structs.replace(entry, kind="recovery", says="no cause is sure enough")
    shop.state.put(msgspec.structs.replace(INCIDENT, runs=(), timeline=(said,)))
    panel = widget(shop.page(INCIDENTS, id="inc-1"), "run")
    assert (panel.state, panel.missing) == (State.EMPTY, "No cause is sure enough.")


def test_alerts_say_why_they_joined_the_most_urgent_first(page):
    table = widget(page, "alerts")
    assert [row.id for row in table.rows] == ["alert-1", "alert-2", "alert-3", "alert-4"]
    assert table.rows[0].cells["joined"].value == "calls what alert-1 is on"
    assert {v.value: v.n for v in table.facets[0].values} == {"firing": 3, "resolved": 1}
    assert table.bulk == ("split", "resolve")
    assert table.actions[0].path == "incidents/inc-1/split"
    assert {row.actions for row in table.rows} == {("split",)}, "ours end by themselves"


def test_alerts_are_filtered_and_searched(shop):
    asked = {"alert_status": "firing", "alerts__q": "CART"}
    table = widget(shop.page(INCIDENTS, id="inc-1", **asked), "alerts")
    assert [row.id for row in table.rows] == ["alert-2"]
    assert {v.value: v.n for v in table.facets[0].values} == {"firing": 1, "resolved": 1}
    nothing = widget(shop.page(INCIDENTS, id="inc-1", alerts__q="nobody"), "alerts")
    assert nothing.missing == "None of its 4 alerts fits the filters."


def test_alerts_come_a_page_at_a_time(shop, monkeypatch):
    monkeypatch.setattr("opsweave.practices.aiops.pages.incident.alerts.ROWS", 3)
    first = widget(shop.page(INCIDENTS, id="inc-1", widget="alerts"), "alerts")
    rest = widget(
        shop.page(INCIDENTS, id="inc-1", widget="alerts", alerts__after=first.next), "alerts"
    )
    assert [row.id for row in (*first.rows, *rest.rows)] == [f"alert-{n}" for n in (1, 2, 3, 4)]
    assert rest.next == ""


def test_one_widget_costs_only_its_own_part(shop, monkeypatch):
    def never(*_):
        raise AssertionError("the telemetry store was asked")

    monkeypatch.setattr(shop.telemetry, "query", never)
    page = shop.page(INCIDENTS, id="inc-1", widget="gates-run-1")
    assert [section.id for section in page.sections] == ["recovery"]


def test_a_past_incident_of_the_kind_is_found_with_what_helped():
    shop = Shop()
    past = msgspec.structs.replace(INCIDENT, id="inc-0", opened_ns=at(10), runs=("run-0",))
    shop.state.put(past)
    shop.state.put(Incident(id="other", entities=("service:demo/far/x",), opened_ns=at(5)))
    shop.state.put(msgspec.structs.replace(RUN, id="run-0", incident="inc-0", verified=True))
    table = widget(shop.page(INCIDENTS, id="inc-1"), "similar")
    assert [row.id for row in table.rows] == ["inc-0"]
    cells = table.rows[0].cells
    assert (cells["alike"].value, cells["helped"].value) == (1.0, "roll-back-deployment (verified)")
    assert cells["why"].value.startswith("first cause: deployment; entities: gate, cart, orders")


def test_verdicts_are_on_record():
    shop = Shop()
    label = Label(
        id="l", incident="inc-1", verdict="right_cause", by="bob", at_ns=at(1), note="yes"
    )
    shop.state.put(label)
    page = shop.page(INCIDENTS, id="inc-1")
    assert widget(page, "verdicts").rows[0].cells["by"].value == "bob"
    assert "Verdict" in {fact.title for fact in page.facts}


def test_the_review_is_drafted_from_the_record(page):
    text = widget(page, "review").code
    for part in (
        "gate is slow",
        "90.0 % -> 20.0 %",
        "deploy-7",
        "roll-back-deployment (waiting",
        "flag-1",
    ):
        assert part in text
    assert "## To answer together" in text


def test_an_incident_without_anything_says_so_everywhere():
    shop = Shop()
    shop.state.put(Incident(id="bare", opened_ns=at(NOW - 5)))
    page = shop.page(INCIDENTS, id="bare")
    states = {w.id: w.state for section in page.sections for w in section.widgets}
    for id_ in ("impact-none", "causes", "run", "map", "symptom-none", "alerts", "verdicts"):
        assert states[id_] is State.EMPTY, id_


def test_an_unknown_incident_is_not_there(shop):
    with pytest.raises(NotThere):
        shop.page(INCIDENTS, id="nowhere")
