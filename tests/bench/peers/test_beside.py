"""Peers beside us over made-up data, through a worker that our own Python runs."""

import json
import sys

import pytest

from opsweave.bench.options import Options, quiet
from opsweave.bench.peers import beside
from opsweave.bench.peers.catalogue import peers
from opsweave.bench.peers.client import Client, Reply
from opsweave.bench.peers.install import MARK, install, python_of
from opsweave.bench.peers.table import wide
from opsweave.bench.synthetic import SmallCase, write_case
from opsweave.kernel.errors import RejectInput, RetryLater


@pytest.fixture
def folder(tmp_path):
    """Looks like an environment of peers, but has what ours has."""
    made = tmp_path / "peers"
    (made / "bin").mkdir(parents=True)
    (made / "bin" / "python").symlink_to(sys.executable)
    (made / MARK).write_text("")
    return made


@pytest.fixture
def data(tmp_path):
    root = tmp_path / "data"
    told = {"c1": write_case(root / "rca/toy/c1", SmallCase(entities=4))}
    (root / "rca/truth").mkdir()
    (root / "rca/truth/toy.json").write_text(json.dumps(told))
    return root


def test_a_folder_without_peers_is_refused(tmp_path):
    with pytest.raises(RejectInput, match="opsweave bench peers install"):
        beside.runners("rca", tmp_path)


def test_a_folder_of_something_else_is_not_taken(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(RejectInput, match="holds something else"):
        install(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_a_python_that_fails_is_told(tmp_path):
    with pytest.raises(RetryLater, match="failed"):
        install(tmp_path / "new", python="/bin/false")


def test_benches_without_peers_have_none(folder):
    assert beside.runners("correlate", folder) == []
    assert python_of(folder).name == "python"


def test_peers_that_are_not_installed_are_skipped_not_judged(folder, data):
    [run] = beside.runners("rca", folder)
    found = list(run(Options(data=data), quiet))
    assert [one.method for one in found] == [peer.title for peer in peers("rca")]
    for one in found:
        assert one.parts == []
        assert one.skipped.startswith("not installed")


def test_what_a_peer_answers_is_judged_as_ours_is(folder, data, monkeypatch):
    def answer(self, request, seconds, megabytes):
        columns = [f"{one}|m00" for one in ("service-0000", "service-0002", "service-0003")]
        return Reply({"ranks": columns}, None, 0.1, 5.0)

    monkeypatch.setattr(Client, "ask", answer)
    (data / "rca/toy/c2").mkdir()
    (data / "rca/toy/c2/case.json").write_text((data / "rca/toy/c1/case.json").read_text())
    told = json.loads((data / "rca/truth/toy.json").read_text())
    (data / "rca/truth/toy.json").write_text(json.dumps({**told, "c2": told["c1"]}))
    [run] = beside.runners("rca", folder)
    first = next(iter(run(Options(data=data), quiet)))
    ranks = {case.name: case.figures["rank"] for case in first.cases}
    assert ranks == {"c1": 2 if told["c1"]["entity"] == "service-0002" else 3, "c2": None}
    assert {part.name for part in first.parts} >= {"all", "all, with metrics"}


def test_the_table_holds_reference_and_incident(data):
    case = data / "rca/toy/c1"
    said = json.loads((case / "case.json").read_text())
    table = wide(case, said)
    assert len(table["columns"]) == len(table["names"]) == 4 * 3
    assert all(len(column) == len(table["times"]) for column in table["columns"])
    assert min(table["times"]) < table["onset"] <= max(table["times"])
    assert "service-0000|m00" in table["names"]


def test_a_case_without_metrics_has_no_table(tmp_path):
    with pytest.raises(RejectInput, match="no metrics"):
        wide(tmp_path, {})
