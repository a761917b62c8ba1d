import csv

import numpy as np
import pytest

from opsweave.bench.data.parquet import write
from opsweave.bench.options import Options, quiet
from opsweave.bench.process import Limits
from opsweave.bench.run import correlate
from opsweave.bench.run.correlate import by_entity, by_gap, judged, learned
from opsweave.bench.storms import storm


def figures(found, part="all"):
    part = next(one for one in found.parts if one.name == part)
    return {name: one.value for name, one in part.figures.items()}


def test_truth_as_an_answer_is_perfect_and_an_alert_left_out_is_alone():
    one = storm(1)
    found = judged("s", one, one.truth, None, None).figures
    assert found["B-cubed F1"] == found["pair R"] == found["V"] == 1.0
    assert judged("s", one, {}, None, None).figures["compression"] == 0.0


def test_an_answer_that_failed_counts_as_nothing():
    found = judged("s", storm(1), {}, None, "stopped")
    assert set(found.figures.values()) == {0.0}
    assert found.failure == "stopped"


def test_plain_groupings_err_on_their_own_side():
    one = storm(1)
    wide = judged("s", one, by_gap(one), None, None).figures
    narrow = judged("s", one, by_entity(one), None, None).figures
    assert wide["pair R"] > narrow["pair R"]
    assert narrow["pair P"] > wide["pair P"]


def test_the_command_itself_groups_a_storm(tmp_path):
    options = Options(data=tmp_path, datasets=("storms",), limit=1, part="dev")
    found = {one.method: figures(one, "dev") for one in correlate.bench(options, quiet)}
    assert found["opsweave with graph"]["B-cubed F1"] > found["gap of 5 min"]["B-cubed F1"]


def test_time_that_runs_out_is_told(tmp_path):
    limits = Limits(seconds=0.01)
    options = Options(data=tmp_path, datasets=("storms",), limit=1, part="dev", limits=limits)
    first = next(iter(correlate.bench(options, quiet)))
    assert "stopped after" in first.cases[0].failure


@pytest.fixture
def pcic(tmp_path):
    folder = tmp_path / "alerts" / "pcic" / "toy"
    folder.mkdir(parents=True)
    starts = np.repeat(np.arange(200) * 1000, 2) + np.tile([0, 5], 200)
    write(
        folder / "alarms.parquet",
        {
            "alarm_id": np.tile([0, 1], 200),
            "device_id": np.repeat(np.arange(200) % 7, 2),
            "start_timestamp": starts + 10_000,
            "end_timestamp": starts + 10_060,
        },
    )
    with (folder / "dag_edges.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["cause_type", "effect_type"], [0, 1]])
    (folder / "n_types.txt").write_text("2\n")
    return tmp_path


def test_edges_of_alarms_are_read_from_the_answer(pcic):
    [found] = list(correlate.bench(Options(data=pcic, datasets=("pcic",)), quiet))
    assert found.cases[0].failure is None
    assert figures(found)["edge F1"] == 1.0


def test_alarms_that_are_not_there_are_skipped(tmp_path):
    [found] = list(correlate.bench(Options(data=tmp_path, datasets=("pcic",)), quiet))
    assert "no set here" in found.skipped
    assert learned({"type_edges": [{"cause": "alarm_3", "effect": "alarm_4"}]}) == {(3, 4)}
