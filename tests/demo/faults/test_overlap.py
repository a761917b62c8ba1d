"""A second fault while the first is live."""

import time

import msgspec
import pytest

from opsweave.demo import truth
from opsweave.demo.company.spec import CHOICES, Names
from opsweave.demo.faults import (
    Injector,
    apart,
    beside,
    catalogue,
    fault_named,
    partner,
    spec_for,
)
from opsweave.demo.faults import injector as module
from opsweave.demo.faults.overlap import suffering
from opsweave.kernel.errors import RejectInput

NAMES = [info.name for info in catalogue()]


def place(spec):
    names = Names(namespace="shop", roles={role: role for role in CHOICES})
    return fault_named(spec.kind).entity(names, spec)


@pytest.mark.parametrize("seed", [1, 2, 6])
def test_a_fifth_of_the_runs_has_two(seed):
    found = [name for name in NAMES for s in range(seed, seed + 5) if partner(name, s, NAMES)]
    assert sorted(found) == sorted(NAMES)


def test_the_second_strikes_elsewhere_while_the_first_is_live():
    for name in NAMES:
        for seed in range(60):
            other = partner(name, seed, NAMES)
            if other is None:
                continue
            first = spec_for(name, seed)
            second = beside(first, other, seed)
            assert second.kind == other != name
            assert second.target != first.target
            assert place(second) != place(first)
            assert 15.0 <= second.onset - first.onset <= 90.0
            assert second == beside(first, other, seed)
            late = [d for d in apart(first, second).decoys if d.target == second.target]
            assert all(d.at < second.onset - first.onset for d in late)


def test_two_that_can_only_strike_one_role_are_refused():
    first = spec_for("credential-expired", 1)
    with pytest.raises(RejectInput, match="and"):
        beside(first, "credential-expired", 1)


def test_who_can_suffer():
    surge = msgspec.structs.replace(spec_for("traffic-surge", 1), target="catalog")
    assert suffering(surge) == {"catalog", "cart", "edge"}
    slow = msgspec.structs.replace(spec_for("deploy-latency", 1), target="payment")
    assert suffering(slow) == {"payment", "checkout", "edge"}
    assert {"orders", "mailer", "checkout"} <= suffering(spec_for("job-lock", 1))


def test_two_injectors_share_the_workplace(company, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "STEP_S", 0.02)
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    quick = {"decoys": (), "ramp": 0.0}
    one = msgspec.structs.replace(spec_for("deploy-latency", 1), target="cart", **quick)
    two = msgspec.structs.replace(spec_for("flag-cpu", 1), target="fraud", **quick)
    first = Injector(company, one, 1, tmp_path / "truth.json")
    second = Injector(company, two, 1, tmp_path / "beside.json", first=first)
    assert "fraud" not in first._harmless()
    flags = list(first.workplace.changes.flags.values())
    assert len(flags) == len(set(flags))
    now = time.time()
    for number, injector in enumerate((first, second), 1):
        injector.inject(now + 0.05 * number)
    for injector in (first, second):
        injector._thread.join(5)
        injector.stop()
    told = [truth.read(tmp_path / name) for name in ("truth.json", "beside.json")]
    assert [one.fault for one in told] == ["deploy-latency", "flag-cpu"]
    assert told[0].injected_at < told[1].injected_at
    assert all(one.change and one.entity in one.suffers for one in told)
    assert told[0].notes == told[1].notes == ()
