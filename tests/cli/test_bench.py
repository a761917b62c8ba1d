"""``opsweave bench`` as a user calls it."""

import json

import pytest

from opsweave.bench.synthetic import SmallCase, write_case
from opsweave.cli._app import run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    told = {
        name: write_case(root / "rca" / "toy" / name, SmallCase(entities=4, seed=seed))
        for seed, name in enumerate(["a", "b", "c"])
    }
    (root / "rca" / "truth").mkdir()
    (root / "rca" / "truth" / "toy.json").write_text(json.dumps(told))
    return root


def test_json_is_the_result_and_nothing_else(data, capsys):
    assert run(["bench", "rca", "--data", str(data), "--half", "dev", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    [toy] = said["datasets"]
    assert (said["bench"], toy["dataset"], len(toy["cases"])) == ("rca", "toy", 2)
    assert said["machine"]["cores"] >= 1
    assert said["settings"]["half"] == "dev"


def test_people_read_a_table(data, capsys):
    assert run(["bench", "rca", "--data", str(data), "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert "## toy" in out
    assert "| opsweave | report | 1 |" in out


def test_what_has_no_data_is_skipped_with_its_reason(data, capsys, tmp_path):
    assert run(["bench", "all", "--data", str(tmp_path), "--limit", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"detect", "logs", "rca", "correlate"}
    assert all(one["skipped"] for one in said["detect"]["datasets"])
    assert "no system here" in said["logs"]["datasets"][0]["skipped"]
    assert "no data set here" in said["rca"]["datasets"][0]["skipped"]
    assert any(one.get("parts") for one in said["correlate"]["datasets"])


def test_files_are_written(data, capsys, tmp_path):
    out = tmp_path / "out"
    command = ["bench", "rca", "--data", str(data), "--limit", "1", "--out", str(out), "--json"]
    assert run(command) == 0
    assert {path.suffix for path in out.iterdir()} == {".json", ".md", ".svg"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--half", "best"], "--half: 'best' is not one of dev, report, all"),
        (["--dataset", "tox"], "dataset: 'tox' is not one of toy"),
        (["--peers", "nowhere"], "opsweave bench peers install"),
    ],
)
def test_what_is_wrong_is_named(data, capsys, options, says):
    assert run(["bench", "rca", "--data", str(data), *options]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_that_is_none_is_named(capsys, tmp_path):
    assert run(["bench", "rca", "--data", str(tmp_path / "x")]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_peers_are_not_put_among_other_files(capsys, tmp_path):
    (tmp_path / "mine").write_text("")
    assert run(["bench", "peers", "install", "--into", str(tmp_path)]) == 2
    assert "holds something else" in capsys.readouterr().err
