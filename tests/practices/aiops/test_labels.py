"""``opsweave label`` through the wired application: kept, audited, and weighing from then on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opsweave.analysis.causality import Case, Reading, Symptom, explain
from opsweave.analysis.signal import SeriesKey
from opsweave.cli._app import run as command
from opsweave.cli._offline import offline
from opsweave.facts import (
    Alert,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Incident,
    IncidentStatus,
    Label,
    Plan,
    Run,
    RunStatus,
    Severity,
)
from opsweave.kernel.clock import SECOND, SystemClock
from opsweave.practices.aiops.learn import Priors, priors
from opsweave.practices.aiops.recovery.choose import Choice, Ground, choose
from opsweave.practices.aiops.recovery.runbook import load_runbooks
from opsweave.record.folder import DataFolder
from opsweave.server.stores import Stores, opened

CART = "service:demo/shop/cart"
OFFERS = {CART: ("restart", "scale", "roll_back")}
SCALED = Cause(
    rank=1, entity=CART, indicator="pool_wait", kind=CauseKind.SATURATION, change="c1",
    arguments={"version_from": "2"}, confidence=0.8, says="too few of the cart",
)  # fmt: skip


class Desk:
    """A data folder with incidents, and the command line over it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = DataFolder(root), capsys
        with self.stores() as stores:
            for number in range(3):
                stores.state.put(incident(number))
                stores.state.put(acted(number))
                stores.state.put(symptom(number))

    def stores(self) -> Any:
        return opened(self.folder, SystemClock())

    def label(self, *arguments: str) -> Any:
        self._capsys.readouterr()
        code = command(["label", *arguments, "--data", str(self.folder.root), "--json"])
        out, err = self._capsys.readouterr()
        assert code == 0, err
        return json.loads(out)

    def priors(self) -> Any:
        """What the API shows."""
        with offline(self.folder) as client:
            return client.get("priors")

    def learnt(self) -> Priors:
        """From verdicts alone."""
        with self.stores() as stores:
            return priors(labels(stores), ())


def incident(number: int) -> Incident:
    return Incident(
        id=f"inc-{number}", status=IncidentStatus.EXPLAINED, opened_ns=1, causes=(SCALED,),
        alerts=(f"alert-{number}",), runs=(f"run-{number}",),
    )  # fmt: skip


def acted(number: int) -> Run:
    plan = Plan(
        runbook="undo-scaling", incident=f"inc-{number}", cause_kind="saturation", calls=(),
        compensations=(),
    )  # fmt: skip
    return Run(
        id=f"run-{number}", pipeline="undo-scaling", plan=plan, verified=False,
        status=RunStatus.COMPENSATED, incident=f"inc-{number}",
    )  # fmt: skip


def symptom(number: int) -> Alert:
    return Alert(
        id=f"alert-{number}", fingerprint="f", source="test", entity=CART, started_ns=1,
        indicator="latency_p95", symptom=True, severity=Severity.WARNING,
    )  # fmt: skip


def labels(stores: Stores) -> list[Label]:
    return stores.state.find(Label, limit=100)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path / "data", capsys)


def test_the_command_stores_who_what_and_when_and_audits_it(desk):
    said = desk.label("inc-0", "wrong_cause", "--note", "it was the queue")
    with desk.stores() as stores:
        (label,) = labels(stores)
        trail = stores.state.audit_trail()
        judged = stores.state.get(Incident, "inc-0")
    assert said["id"] == label.id
    assert (label.by, label.note) == ("local owner", "it was the queue")
    assert (label.cause_kind, label.runbook, label.entity) == ("saturation", "undo-scaling", CART)
    assert (label.fingerprints, label.severities) == (("f",), (Severity.WARNING,))
    assert (trail[0].principal, trail[0].verb) == ("local owner", "label wrong_cause")
    assert (trail[0].object, trail[0].at_ns) == ("inc-0", label.at_ns)
    assert judged.timeline[-1].ref == label.id


def test_verdicts_change_which_runbook_is_chosen(desk):
    def choice() -> str:
        weights = desk.learnt().runbook_weights()
        ground = Ground(offers=OFFERS, related=lambda _entity: (), weights=weights)
        made = choose(Incident(id="inc-9"), [SCALED], load_runbooks(), ground)
        assert isinstance(made, Choice)
        return made.plan.runbook

    assert choice() == "undo-scaling"
    desk.label("inc-0", "wrong_cause")
    assert choice() == "restart-exhausted"
    desk.label("inc-0", "right_cause")
    assert choice() == "undo-scaling", "the last word of one person on one incident"


def test_the_prior_of_a_cause_follows_the_counts(desk):
    def prior() -> float:
        found = explain(case(desk.learnt()))
        (cause,) = [c for c in found.causes if c.change == "c1"]
        return cause.parts["prior"]

    assert prior() == 0.5
    desk.label("inc-0", "right_cause")
    desk.label("inc-1", "right_cause")
    assert prior() == pytest.approx(3 / 4)
    for number in range(3):
        desk.label(f"inc-{number}", "wrong_cause")
    assert prior() == pytest.approx(1 / 5)


def test_the_api_shows_noise_with_its_counts_and_that_it_was_taken_back(desk):
    desk.label("inc-0", "noise")
    one = {"right": 0, "wrong": 1, "weight": 0.6667, "noise_up_to": None}
    assert desk.priors()["symptoms"] == {"f": one}
    desk.label("inc-1", "noise")
    two = {"right": 0, "wrong": 2, "weight": 0.5, "noise_up_to": "warning"}
    assert desk.priors()["symptoms"] == {"f": two}
    desk.label("inc-1", "right_cause")
    assert desk.priors()["symptoms"]["f"]["noise_up_to"] is None
    assert desk.priors()["runbooks"]["undo-scaling"]["wrong"] == 3, "runs that did not help"


def case(learnt: Priors) -> Case:
    """A scaling down, and at once a full pool and a slow service."""
    now = 1_000 * SECOND
    scaled = Change(
        id="c1", source="test", kind=ChangeKind.SCALING, entity=CART, at_ns=now - 30 * SECOND,
        version_from="2", version_to="1", summary="fewer",
    )  # fmt: skip
    felt = Reading(strength=8.0, onset_ns=now - 25 * SECOND, active=True, says="high", n=9)
    keys = [SeriesKey(CART, name, "") for name in ("latency_p95", "pool.wait", "pool.used_ratio")]
    return Case(
        now_ns=now,
        symptoms=[Symptom(entity=CART, indicator="latency_p95", since_ns=now - 25 * SECOND)],
        readings=dict.fromkeys(keys, felt),
        running=frozenset({CART}),
        changes=[scaled],
        weights=learnt.kind_weights(),
    )
