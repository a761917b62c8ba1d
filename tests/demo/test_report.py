"""The JSON object of a run: the contract's keys, honest nulls."""

import json
from pathlib import Path

import msgspec
import pytest

from opsweave.demo.observed import Observed
from opsweave.demo.report import report_of
from opsweave.facts import IncidentStatus

from . import sample

CONTRACT = [
    *("fault", "seed", "injected_at", "symptom_at", "detected_at", "explained_at"),
    *("recovered_at", "incidents", "truth", "causes", "recovery", "alerts", "processes_left"),
]


@pytest.fixture
def report(tmp_path: Path):
    return report_of(sample.observed(truth_file=sample.write_truth(tmp_path / "truth.json")))


def test_the_contract_comes_first(report):
    assert list(report)[: len(CONTRACT)] == CONTRACT
    assert {"entity", "indicator", "change"} <= set(report["truth"])
    assert {"runbook", "actions", "verified"} <= set(report["recovery"])
    for cause in report["causes"]:
        assert {"rank", "entity", "indicator", "change", "score", "evidence"} <= set(cause)
    json.dumps(report)


def test_times_are_utc_with_milliseconds(report):
    assert report["symptom_at"] == "2025-11-24T16:01:31.000Z"
    assert report["detected_at"] == "2025-11-24T16:01:40.000Z"
    assert report["seconds"]["symptom_to_detected"] == 9.0
    assert report["seconds"]["symptom_to_recovered"] == 35.0


def test_what_did_not_happen_is_null():
    run = Observed(fault="deploy-latency", seed=3, started_ns=sample.T0)
    report = report_of(run)
    for key in ("injected_at", "symptom_at", "detected_at", "explained_at", "recovered_at"):
        assert report[key] is None
    assert report["truth"] == {"entity": None, "indicator": None, "change": None}
    assert report["causes"] == []
    assert report["recovery"] == {"runbook": None, "actions": [], "verified": False}


def test_a_run_that_is_not_verified_has_not_recovered():
    run = sample.observed()
    run.runs = [msgspec.structs.replace(run.runs[0], verified=False)]
    report = report_of(run)
    assert not report["recovered"]
    assert report["recovered_at"] is None
    assert report["recovery"]["verified"] is False


def test_incidents_from_before_the_fault_are_counted_apart():
    run = sample.observed()
    early = msgspec.structs.replace(run.incidents[0], id="inc-0", opened_ns=sample.at(40))
    run.incidents.append(early)
    report = report_of(run)
    assert [one["id"] for one in report["incidents"]] == ["inc-1"]
    assert report["incidents_before"] == 1


def test_an_incident_that_closed_by_itself_gives_way():
    run = sample.observed()
    brief = msgspec.structs.replace(
        run.incidents[0],
        id="inc-0",
        opened_ns=sample.at(95),
        recovered_ns=None,
        runs=(),
        status=IncidentStatus.CLOSED,
    )
    run.incidents.insert(0, brief)
    main = run.main_incident()
    assert main is not None
    assert main.id == "inc-1"
    assert len(report_of(run)["incidents"]) == 2


def test_failed_deployments_have_their_recovery_time(report):
    (failed,) = report["deployments"]["failed"]
    assert failed["change"] == sample.GUILTY
    assert failed["recovery_s"] == 38.0


def test_budgets_before_and_after(report):
    (slo,) = report["slos"]
    assert (slo["remaining_before"], slo["remaining_after"]) == (1.0, 0.62)


def test_a_calm_run():
    run = Observed(fault=None, seed=1, started_ns=sample.T0, ended_ns=sample.at(600))
    run.changes = sample.changes()
    report = report_of(run)
    assert (report["incidents"], report["alerts"], report["changes"]) == ([], 0, 3)
    assert report["calm_s"] == 600.0
    assert "truth" not in report
