"""When trouble began, and what came before it."""

from __future__ import annotations

import numpy as np
import pytest

from opsweave.analysis.causality.clues.changes.moments import Effect, clock, moment, step_starts
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.stirs import stirs
from opsweave.analysis.causality.dossier import ReleaseStep

from .story import Gauge, Said, Story, at, commit, told

MINUTE = 60_000_000_000


def dossier(*gauges: Gauge, alarm: float = 40, said=()):
    return told(
        Story(
            name="", guilty=(), alarm=alarm, alert=("a", "error_rate", "a fails"),
            changes=(commit("aaaaaaa1", 2, "x"),), gauges=gauges, said=said,
        )
    )  # fmt: skip


@pytest.mark.parametrize("minute", [12, 25, 38])
def test_the_onset_is_found_even_when_the_alarm_comes_late(minute):
    case = dossier(Gauge("a", "error_rate", 0.01, 0.4, minute))
    (stir,) = stirs(case)
    assert abs(stir.onset_ns - at(minute)) <= MINUTE


def test_what_climbs_began_where_it_began_to_climb():
    case = dossier(Gauge("a", "memory_bytes", 1e8, 9e8, 30, 70), alarm=100)
    (stir,) = stirs(case)
    assert abs(stir.onset_ns - at(30)) <= 8 * MINUTE


def test_calm_series_do_not_stir():
    assert stirs(dossier(Gauge("a", "error_rate", 0.01), Gauge("b", "latency_p95", 20))) == []


def test_hosts_are_not_judged():
    assert stirs(dossier(Gauge("a", "node_cpu_usage", 10, 90, 30))) == []


def test_without_metrics_new_complaints_tell_the_time():
    case = dossier(said=(Said("a", "fine <n>"), Said("a", "broken <n>", "ERROR", 31, 0.5)))
    assert abs(Scene(case).clock.trouble_ns - at(31)) <= MINUTE


def test_without_anything_the_alarm_does():
    case = dossier(Gauge("a", "error_rate", 0.01))
    assert clock(case, [], MINUTE).trouble_ns == at(40)


def test_earlier_is_possible_later_is_not():
    case = dossier(Gauge("a", "error_rate", 0.01, 0.4, 30))
    seen = Scene(case).clock
    nats = [moment(Effect(at(m), at(m)), seen) for m in (5, 20, 29, 36, 44)]
    assert nats[0] < nats[1] < nats[2]
    assert nats[2] > nats[3] > nats[4]
    assert nats[4] < -10


def test_steps_begin_once_the_earlier_one_is_done():
    steps = (
        ReleaseStep(at_ns=10, completed_ns=20),
        ReleaseStep(at_ns=40, completed_ns=50),
        ReleaseStep(at_ns=30, completed_ns=60),
    )
    assert np.all(np.diff(step_starts(steps)) > 0)
