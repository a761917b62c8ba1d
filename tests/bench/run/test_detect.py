"""The runner of detection: made-up series, a detector that is known, and the command itself."""

import json

import numpy as np
import pytest

from opsweave.bench.data.parquet import columns, write
from opsweave.bench.options import Options, quiet
from opsweave.bench.process import Limits
from opsweave.bench.run import detect
from opsweave.bench.run.answers import Answer, opsweave

N = 2000


def level(seed, at=1500):
    values = np.random.default_rng(seed).normal(100.0, 1.0, N)
    values[at : at + 30] += 30.0
    labels = np.zeros(N, dtype=np.int8)
    labels[at : at + 30] = 1
    return values, labels


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    made = [level(seed) for seed in range(3)]
    seconds = np.tile(1_600_000_000 + 60 * np.arange(N), 3)
    names = np.repeat(np.arange(3, dtype=np.int16), N)
    values, labels = (np.concatenate([one[k] for one in made]) for k in (0, 1))
    for folder in ("metrics/wsd", "metrics/nab", "metrics/smd"):
        (root / folder).mkdir(parents=True)
    table = {"series": names, "timestamp": seconds, "value": values, "label": labels}
    write(root / "metrics/wsd/series.parquet", table)
    write(
        root / "metrics/nab/series.parquet",
        {"series": names, "timestamp": seconds.astype("datetime64[s]"), "value": values},
    )
    moments = seconds[:N].astype("datetime64[s]").astype(str)
    window = [moments[1500].replace("T", " "), moments[1529].replace("T", " ")]
    told = json.dumps({str(n): [window] for n in range(3)})
    (root / "metrics/nab/combined_windows.json").write_text(told)
    entity = {"split": np.repeat(["train", "test"], N // 2), "label": labels[:N]}
    entity |= {f"m{k:02d}": (level(k)[0] * 1e6).astype(np.int64) for k in range(3)}
    write(root / "metrics/smd/machine-1.parquet", entity)
    return root


def perfect(title, asked, options, tell):
    """Knows the place; flags the first point only."""
    said = {}
    for name, table in asked.items():
        scores = np.zeros(len(table["timestamp"]))
        scores[1500:1530] = 1.0
        flags = np.zeros(len(scores), dtype=bool)
        flags[1500] = True
        said[name] = Answer(scores, flags, 0.1, 5.0)
    return said


def figures(found, part="all"):
    part = next(one for one in found.parts if one.name == part)
    return {name: one.value for name, one in part.figures.items()}


def test_a_perfect_detector_is_perfect(data):
    options = Options(data=data)
    nab = figures(detect.one("nab", "x", perfect, options, quiet))
    assert nab["NAB standard, flags"] == nab["NAB low FN, flags"] == 100.0
    assert nab["NAB standard, alarms above the best threshold"] == 100.0
    assert nab["AP"] == nab["best F1"] == 1.0
    wsd = figures(detect.one("wsd", "x", perfect, options, quiet))
    assert (wsd["F1"], wsd["false/day"], wsd["AP"]) == (1.0, 0.0, 1.0)


def silent(title, asked, options, tell):
    return dict.fromkeys(asked, "fell over")


def test_a_detector_that_fails_is_silent_and_told_by_name(data):
    found = detect.one("wsd", "x", silent, Options(data=data), quiet)
    assert [case.failure for case in found.cases] == ["fell over"] * 3
    assert figures(found)["AP"] == 0.0
    assert figures(detect.one("nab", "x", silent, Options(data=data), quiet))["AP"] == 0.0


def test_absent_data_are_skipped_with_the_reason(data, tmp_path):
    assert (
        "jumpstarter" in detect.one("jumpstarter", "x", perfect, Options(data=data), quiet).skipped
    )
    kinds = list(detect.bench(Options(data=tmp_path), quiet))
    assert len(kinds) == 4
    assert all(one.skipped for one in kinds)


def test_labels_are_never_handed_over(data):
    seen = {}

    def spy(title, asked, options, tell):
        seen.update({name: set(table) for name, table in asked.items()})
        return silent(title, asked, options, tell)

    for name in ("nab", "wsd", "smd"):
        detect.one(name, "x", spy, Options(data=data), quiet)
    assert set.union(*seen.values()) == {"timestamp", "value", "m00", "m01", "m02"}


@pytest.mark.slow
def test_the_command_itself_answers_series(data):
    found = detect.one("wsd", "opsweave", opsweave, Options(data=data), quiet)
    assert [case.failure for case in found.cases] == [None] * 3
    assert figures(found)["R"] == 1.0
    assert found.cost.megabytes_most > 10


@pytest.mark.slow
def test_time_that_runs_out_is_told_by_series(data):
    options = Options(data=data, limits=Limits(seconds=0.01))
    found = detect.one("wsd", "opsweave", opsweave, options, quiet)
    assert all("stopped after" in case.failure for case in found.cases)


def test_missing_values_are_null_on_disk(tmp_path):
    write(tmp_path / "x.parquet", {"value": np.array([1.0, np.nan])})
    read = columns(tmp_path / "x.parquet", "count(value) AS n")
    assert int(read["n"][0]) == 1
