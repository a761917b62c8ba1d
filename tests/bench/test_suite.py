import pytest

from opsweave.bench import suite
from opsweave.bench.options import Options, quiet
from opsweave.bench.result import Dataset
from opsweave.kernel.errors import RejectInput


def two(options, tell):
    yield Dataset("a", "x")
    yield Dataset("b", "x")


def falls(options, tell):
    raise RejectInput("no data here")
    yield


def test_what_there_is_is_kept_after_each_data_set(tmp_path):
    kept = []
    found = suite.measured("rca", Options(data=tmp_path), quiet, instead=two, keep=kept.append)
    assert [[one.dataset for one in result.datasets] for result in kept] == [["a"], ["a", "b"]]
    assert kept[-1] == found


def test_more_runners_come_after(tmp_path):
    found = suite.measured("rca", Options(data=tmp_path), quiet, instead=two, more=[two])
    assert [one.dataset for one in found.datasets] == ["a", "b", "a", "b"]


def test_absent_data_stop_a_run_or_are_skipped(tmp_path):
    with pytest.raises(RejectInput):
        suite.measured("rca", Options(data=tmp_path), quiet, instead=falls)
    found = suite.skipping("rca", Options(data=tmp_path), quiet, instead=falls)
    assert found.datasets[0].skipped == "no data here"


def test_an_unknown_benchmark_is_refused():
    with pytest.raises(RejectInput, match="'dance' is not one of"):
        suite.runner("dance")
