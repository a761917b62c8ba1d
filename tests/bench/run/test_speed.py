from pathlib import Path

import pytest

from opsweave.bench.options import Options, quiet
from opsweave.bench.process import Limits
from opsweave.bench.run import speed
from opsweave.bench.synthetic import SmallCase, write_lines
from opsweave.kernel.errors import RejectInput


def answer(request):
    return {"seconds": 0.5}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(speed, "SERIES", 50)
    monkeypatch.setattr(speed, "LINES", 500)
    monkeypatch.setattr(speed, "ALERTS", 300)


def test_rounds_tell_medians_between_least_and_most():
    found = speed.dataset_of("x", [{"a": 1.0}, {"a": 5.0, "b": 2.0}, {"a": 2.0}])
    a, b = (found.parts[0].figures[name] for name in "ab")
    assert (a.value, a.low, a.high) == (2.0, 1.0, 5.0)
    assert b.value == 2.0


def test_logs_are_timed_beside_a_peer(tmp_path):
    options = Options(data=tmp_path, datasets=("log speed",), limit=1)
    [found] = list(speed.bench(options, quiet, answer))
    figures = {name: one.value for name, one in found.parts[0].figures.items()}
    assert figures["drain3, lines/s"] == 1000.0
    assert figures["ratio to drain3"] == pytest.approx(figures["lines/s"] / 1000.0, rel=1e-3)


def test_grouping_is_timed_by_kind_of_stream(tmp_path):
    [found] = list(
        speed.bench(Options(data=tmp_path, datasets=("grouping speed",), limit=1), quiet)
    )
    figures = {name: one.value for name, one in found.parts[0].figures.items()}
    assert figures["storm, alerts/s/core"] > figures["all new, 200 types, alerts/s/core"] > 0.0
    assert figures["times as dear, at worst"] > 1.0


def test_a_case_is_timed_and_its_cause_is_found(tmp_path):
    found = speed.causes(Options(data=tmp_path), None, SmallCase(entities=30))
    assert found["cause found"] == 1.0
    assert 0.0 < found["seconds"] < found["seconds of the process"]
    assert found["CPU seconds"] > 0.0


def test_a_command_that_fails_is_told(tmp_path):
    with pytest.raises(RejectInput, match="stopped after"):
        speed.causes(Options(data=tmp_path, limits=Limits(seconds=0.01)), None, SmallCase())


@pytest.mark.slow
def test_detection_is_timed_against_the_simplest(tmp_path):
    found = speed.detection(Options(data=tmp_path), answer)
    assert found["ratio to EWMA"] > 0.0
    assert found["river trees, points/s"] == 10_000.0


def test_made_up_lines_are_many_kinds_and_the_same_for_a_seed(tmp_path):
    one, other = Path(tmp_path, "a"), Path(tmp_path, "b")
    for path in (one, other):
        write_lines(path, 400, seed=3)
    lines = one.read_text().splitlines()
    assert lines == other.read_text().splitlines()
    assert len(lines) == 400
    assert len({tuple(line.split()[:2]) for line in lines}) > 20
