"""The runner of log templates over a made-up system, through the command itself."""

import csv
import gzip

import pytest

from opsweave.bench.data.logs import System
from opsweave.bench.options import Options, quiet
from opsweave.bench.run import logs
from opsweave.kernel.errors import RejectInput

KINDS = ["opened session <*> for user", "closed block <*>", "ready"]


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "logs" / "loghub2k" / "Toy"
    folder.mkdir(parents=True)
    rows = [(KINDS[n % 3].replace("<*>", str(1000 + n)), KINDS[n % 3]) for n in range(60)]
    path = folder / "Toy_2k.log_structured_corrected.csv.gz"
    with gzip.open(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["LineId", "Content", "EventId", "EventTemplate"])
        writer.writerows([n, said, "E", kind] for n, (said, kind) in enumerate(rows, 1))
    return tmp_path


def test_the_command_is_scored_line_by_line(data):
    [found] = list(logs.bench(Options(data=data), quiet))
    [case] = found.cases
    assert case.failure is None
    assert case.figures["GA"] == case.figures["PA"] == 1.0
    assert case.figures["lines/s"] > 0
    assert found.parts[-1].figures["FTA"].value == 1.0


def test_lines_without_an_answer_fail_the_system(tmp_path):
    system = System("toy", ("a", "b"), ("a", "b"), tmp_path)
    case = logs.case_of(system, [1], ["a"], 1.0, 2.0)
    assert case.failure == "1 lines answered of 2"
    assert logs.scored([case])["GA"].value == 0.0


def test_no_systems_no_bench(tmp_path):
    with pytest.raises(RejectInput, match="no system here"):
        list(logs.bench(Options(data=tmp_path), quiet))
