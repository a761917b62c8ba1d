import pytest

from opsweave.demo.faults import catalogue, fault_named, spec_for
from opsweave.demo.faults.decoys import LEAST, ROOM_S
from opsweave.demo.faults.topology import path
from opsweave.kernel.errors import RejectInput

NAMES = [info.name for info in catalogue()]
SEEDS = range(1, 60)


def test_all_faults_of_the_list_are_there():
    assert set(NAMES) == {
        "bad-features",
        "config-pool",
        "credential-expired",
        "deploy-exceptions",
        "deploy-latency",
        "deploy-leak",
        "flag-cpu",
        "hung-process",
        "job-lock",
        "log-flood",
        "provider-slow",
        "slow-consumer",
        "traffic-surge",
        "worse-model",
    }
    assert [info.name for info in catalogue() if info.slow] == ["deploy-leak"]


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_same_spec(name):
    assert spec_for(name, 7) == spec_for(name, 7)
    assert len({spec_for(name, seed) for seed in SEEDS}) > 50


@pytest.mark.parametrize("name", NAMES)
def test_drawn_specs_lie_in_the_limits(name):
    fault = fault_named(name)
    for seed in SEEDS:
        spec = spec_for(name, seed)
        assert spec.target in (fault.usual or fault.targets)
        assert fault.magnitude.low <= spec.magnitude <= fault.magnitude.high
        assert not spec.ramp or fault.ramps
        assert bool(spec.variant) == bool(fault.variants)


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_varies_targets_where_there_are_several(name):
    fault = fault_named(name)
    drawn = {spec_for(name, seed).target for seed in SEEDS}
    assert drawn == set(fault.usual or fault.targets)


@pytest.mark.parametrize("name", NAMES)
def test_innocent_changes_surround_every_onset(name):
    for seed in SEEDS:
        spec = spec_for(name, seed)
        assert len(spec.decoys) >= LEAST
        assert any(decoy.at < 0 for decoy in spec.decoys)
        assert any(decoy.at > 0 for decoy in spec.decoys)
        assert all(abs(decoy.at) >= ROOM_S for decoy in spec.decoys)


@pytest.mark.parametrize("name", NAMES)
def test_one_innocent_change_is_made_on_the_faulty_path(name):
    for seed in SEEDS:
        spec = spec_for(name, seed)
        near = path(spec.target)
        assert any(decoy.target in near for decoy in spec.decoys if decoy.at < 0)
        assert any(decoy.target in near for decoy in spec.decoys if decoy.at > 0)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_touches_the_faulty_service_after_the_onset(name):
    for seed in SEEDS:
        spec = spec_for(name, seed)
        late = [decoy for decoy in spec.decoys if decoy.at > 0]
        assert all(decoy.target != spec.target for decoy in late)


def test_an_unknown_fault_is_refused():
    with pytest.raises(RejectInput, match="no fault 'meteor'"):
        spec_for("meteor", 1)
