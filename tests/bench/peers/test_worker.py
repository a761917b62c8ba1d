"""What of the worker needs no foreign package; and that it says so where one is missing."""

import json
import subprocess
import sys

import numpy as np
import pytest

from opsweave.bench.data.series import nab
from opsweave.bench.peers import worker
from opsweave.bench.peers.catalogue import PEERS
from opsweave.bench.peers.client import WORKER
from opsweave.bench.scores.nab import best_threshold, mark


def detect(method, columns, step_s=60):
    return worker.answer(
        {"bench": "detect", "method": method, "step_s": step_s, "columns": columns}
    )


SPIKE = [10.0 + 0.1 * (n % 7) for n in range(200)]
SPIKE[150] = 50.0


@pytest.mark.parametrize("method", ["band", "ewma", "gaussian"])
def test_a_spike_is_the_strangest_point(method):
    scores = detect(method, [SPIKE])["scores"]
    assert len(scores) == 200
    assert int(np.argmax(scores[20:])) + 20 == 150


@pytest.mark.parametrize("method", ["band", "ewma", "gaussian", "top3"])
def test_a_score_does_not_change_with_what_comes_later(method):
    columns = [SPIKE, SPIKE[::-1], [float(n) for n in range(200)]]
    columns = columns if method == "top3" else columns[:1]
    whole = detect(method, columns)["scores"]
    early = detect(method, [column[:120] for column in columns])["scores"]
    assert whole[:120] == pytest.approx(early)


def test_a_missing_value_is_the_last_one():
    holes = [None, *SPIKE[1:150], None, *SPIKE[151:]]
    scores = detect("ewma", [holes])["scores"]
    assert scores[150] < 5.0
    assert np.isfinite(scores).all()


def test_alarms_of_the_band_lie_beyond_three_deviations():
    said = detect("band", [[*SPIKE[:151], 50.0, *SPIKE[152:]]])
    assert 150 in said["flags"]
    assert 151 not in said["flags"]
    assert all(said["scores"][at] > 3.0 for at in said["flags"])


def test_every_peer_has_its_work_and_others_are_refused():
    assert {(peer.bench, peer.method) for peer in PEERS} == set(worker._WORK)
    assert "no such peer" in worker.answer({"bench": "rca", "method": "other"})["error"]


def test_a_package_that_is_not_there_is_told():
    said = worker.answer({"bench": "logs", "method": "drain3", "lines": ["a"]})
    assert said.get("groups") or said["error"].startswith("not installed")


def test_the_loop_answers_a_line_for_a_line():
    asked = [
        {"bench": "detect", "method": "ewma", "columns": [[1.0, 2.0]]},
        {"bench": 1, "method": 2},
    ]
    done = subprocess.run(
        [sys.executable, "-I", str(WORKER)],
        input="".join(json.dumps(one) + "\n" for one in asked),
        capture_output=True,
        check=True,
        text=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert len(first["scores"]) == 2
    assert "no such peer" in second["error"]


@pytest.mark.slow
def test_the_published_figures_of_windowed_gaussian_are_met(bench_data):
    """All three profiles of NAB: the scorer and the peer are both as they were published."""
    series = nab(bench_data).values()
    assert len(series) == 58
    said = [np.array(detect("gaussian", [list(one.values)])["scores"]) for one in series]
    marks = [mark(len(one.values), one.windows) for one in series]
    published = {
        "standard": 39.649523496077585,
        "reward_low_FP_rate": 20.86798582474138,
        "reward_low_FN_rate": 47.4100271583046,
    }
    for profile, figure in published.items():
        assert best_threshold(said, marks, profile).score == pytest.approx(figure, abs=1e-6)
