import json
import time

import msgspec
import pytest

from opsweave.demo import truth
from opsweave.demo.faults import Decoy, Injector, catalogue, fault_named, spec_for
from opsweave.demo.faults import injector as module
from opsweave.demo.faults.topology import CODE
from opsweave.kernel.errors import Bug, RejectInput

NAMES = [info.name for info in catalogue()]
DECOYS = (
    Decoy(at=-0.04, kind="deployment", target="edge"),
    Decoy(at=-0.02, kind="flag", target="edge"),
    Decoy(at=0.05, kind="model", target="model"),
    Decoy(at=0.06, kind="configuration", target="edge"),
)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(module, "STEP_S", 0.02)
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)


def injected(company, path, name, **change):
    spec = msgspec.structs.replace(spec_for(name, 3), **({"decoys": DECOYS, "ramp": 0.0} | change))
    injector = Injector(company, spec, 3, path)
    injector.inject(time.time() + 0.06)
    injector._thread.join(5)
    injector.stop()
    return injector


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_written_down(company, tmp_path, name):
    company.batch(1, [[5, 60.0, 0, 300]] * 4)
    company.batch(2, [[5, 6000.0, 0, 300]] * 4)
    injector = injected(company, tmp_path / "truth.json", name)
    record = truth.read(tmp_path / "truth.json")
    assert record == injector.truth
    assert record.fault == name
    assert record.notes == ()
    kind = record.entity.partition(":")[0]
    assert kind in {"service", "job", "database", "dataset", "model"}
    assert record.indicator == fault_named(name).indicator
    assert record.injected_at is not None
    assert record.recovery and all(
        one["target"].startswith(("service:", "job:", "database:", "dataset:", "model:"))
        for one in record.recovery
    )
    ours = name.startswith(("deploy-", "config-", "flag-", "worse-", "bad-"))
    assert (record.change is not None) == ours
    assert [one["kind"] for one in record.innocent] == [decoy.kind for decoy in DECOYS]
    assert record.change not in [one["change"] for one in record.innocent]


def test_the_first_bad_batch_is_the_guilty_change(company, tmp_path):
    for number in (7, 8):
        company.batch(number, [[5, 60.0, 0, 300]] * 4)
    for number in (9, 10, 11):
        company.batch(number, [[5, 6000.0, 0, 300], [5, 60.0, 0, 300]])
    record = injected(company, tmp_path / "truth.json", "bad-features").truth
    assert record.change == "customer-features@batch-9"
    assert record.recovery[0]["arguments"] == {"batch": "batch-9"}


def test_swapped_columns_are_found_too(company, tmp_path):
    company.batch(7, [[5, 60.0, 0, 300]] * 4)
    company.batch(8, [[0, 60.0, 5, 300]] * 4)
    record = injected(company, tmp_path / "truth.json", "bad-features", variant="swap").truth
    assert record.change == "customer-features@batch-8"


def test_a_ramp_moves_the_lever_step_by_step(company, tmp_path):
    injected(company, tmp_path / "truth.json", "provider-slow", magnitude=1000.0, ramp=0.1)
    slow = [call[1] for call in company.calls if call[0] == "provider"]
    assert slow[0] == 0.0
    assert slow == sorted(slow)
    assert len(slow) > 3
    assert slow[-1] == pytest.approx(1000.0, abs=150)


def test_a_step_moves_the_lever_once(company, tmp_path):
    injected(company, tmp_path / "truth.json", "provider-slow", magnitude=1000.0)
    assert [call[1] for call in company.calls if call[0] == "provider"] == [1000.0]


def test_a_guilty_flag_is_never_a_decoy(company, tmp_path):
    target = spec_for("flag-cpu", 3).target
    decoys = (
        Decoy(at=-0.03, kind="flag", target=target),
        Decoy(at=-0.02, kind="flag", target=target),
    )
    record = injected(company, tmp_path / "truth.json", "flag-cpu", decoys=decoys).truth
    guilty = record.recovery[0]["arguments"]["flag"]
    assert [call[1] for call in company.calls if call[0] == "flag"].count(guilty) == 1


def test_what_the_company_refuses_is_noted_and_the_run_goes_on(company, tmp_path, monkeypatch):
    def refuse(*_):
        raise RejectInput("not today")

    monkeypatch.setattr(company, "configure", refuse)
    record = injected(company, tmp_path / "truth.json", "hung-process").truth
    assert record.notes == ("configuration of edge: not today",)
    assert ("hang", spec_for("hung-process", 3).target) in company.calls


def test_calm_runs_make_innocent_changes_and_break_nothing(company, tmp_path, monkeypatch):
    monkeypatch.setattr(module.decoys, "calm", lambda *_: DECOYS)
    injector = Injector(company, None, 1, tmp_path / "truth.json")
    injector.calm_changes(1.0)
    injector._thread.join(5)
    injector.stop()
    record = truth.read(tmp_path / "truth.json")
    assert len(record.innocent) == len(DECOYS)
    assert (record.fault, record.entity, record.change, record.injected_at) == (None,) * 4
    assert injector.symptom_at() is None
    with pytest.raises(Bug):
        injector.inject(time.time())


def test_stopping_ends_the_waiting(company, tmp_path):
    injector = Injector(company, spec_for("hung-process", 1), 1, tmp_path / "truth.json")
    injector.inject(time.time() + 600)
    injector.stop()
    assert not injector._thread.is_alive()
    assert ("hang",) not in [call[:1] for call in company.calls]
    assert truth.read(tmp_path / "truth.json").injected_at is None


def test_the_symptom_is_found_in_what_customers_experienced(company, tmp_path):
    injector = injected(company, tmp_path / "truth.json", "hung-process")
    onset = injector.truth.injected_at - 60
    injector._note(injected_at=onset)
    injector._clear = 0.0
    with company.outcomes.open("w") as file:
        for n in range(1000):
            at = onset - 60 + n / 10
            row = {"at": at, "path": "/cart", "ms": 100, "ok": at < onset + 3, "wronged": False}
            file.write(json.dumps(row) + "\n")
    found = injector.symptom_at()
    assert found is not None and onset + 3 < found < onset + 8
    assert truth.read(tmp_path / "truth.json").symptom_at == found


def test_branches_behind_flags_are_part_of_the_history(company, tmp_path):
    Injector(company, spec_for("flag-cpu", 1), 1, tmp_path / "truth.json")
    target = spec_for("flag-cpu", 1).target
    assert len(company.commits) == len(CODE)
    assert "ctx.flag(" in company.files[f"services/{target}/steps.py"]
    assert not company.calls
