import math

import pytest
from msgspec.structs import replace
from tests.analysis.causality.clues.metrics.made_up import FAULTS, SERVICES, made_up

from opsweave.analysis.causality.clues.metrics import opinion

SHOWS = {"cpu": "cpu", "mem": "mem", "disk": "diskio", "delay": "latency-90", "socket": "socket"}


@pytest.mark.parametrize(("before", "after"), [(300, 120), (60, 10), (20, 4)])
@pytest.mark.parametrize("graph", [True, False])
def test_the_guilty_service_comes_first_on_a_system_that_shaped_nothing(before, after, graph):
    first = named = 0
    cases = [(fault, seed) for fault in FAULTS for seed in range(5)]
    for fault, seed in cases:
        dossier, guilty = made_up(seed, fault, before, after, graph=graph)
        top = max(opinion(dossier, {}).suspects, key=lambda s: s.nats)
        first += top.entity == guilty
        named += top.entity == guilty and top.indicator == SHOWS.get(fault, top.indicator)
    assert first >= 0.9 * len(cases)
    assert named >= 0.85 * len(cases)


def test_without_a_fault_nobody_is_accused_loudly():
    loudest = [
        max(s.nats for s in opinion(made_up(seed, "loss", 200, 0)[0], {}).suspects)
        for seed in range(3)
    ]
    assert max(loudest) <= 0.01
    calm = [_calm(seed) for seed in range(10)]
    assert sum(calm) / len(calm) < 0.7 * math.log(SERVICES)


def _calm(seed):
    """Nats of the loudest in a healthy stretch that is called an incident."""
    dossier, _ = made_up(seed, "delay", 200, 60)
    third = dossier.end_ns * 50 // 260
    quiet = replace(dossier, onset_ns=2 * third, incident=(2 * third, 3 * third))
    return max(s.nats for s in opinion(quiet, {}).suspects)
