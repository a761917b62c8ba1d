"""``opsweave demo``: options, the list, exit codes."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from opsweave.cli import demo as command
from opsweave.demo.faults import FaultInfo
from opsweave.demo.observed import Observed
from opsweave.demo.options import FIRST, Options, first_for
from opsweave.kernel.errors import RejectInput

from . import sample


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "opsweave.cli", "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_list_is_json_and_nothing_else():
    done = run("--list", "--json")
    faults = json.loads(done.stdout)["faults"]
    assert len(faults) >= 14
    assert all(one["name"] and one["says"] for one in faults)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_list_for_people():
    assert "hung-process" in run("--list").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fault", "nonsense"), "nonsense"),
        (("--calm", "-1"), "--calm: must be positive"),
        (("--calm", "10", "--fault", "hung-process"), "nothing is broken in a calm run"),
        (("--fault", "hung-process", "--fault-spec", "x.yaml"), "not both"),
        (("--fault-spec", "/nowhere/x.yaml"), "cannot be read"),
        (("--approve", "perhaps"), "--approve"),
        (("--port", "70000"), "--port"),
        (("--data", __file__), "--data: is no folder"),
    ],
)
def test_bad_usage_starts_nothing(arguments, says):
    done = run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("--port", str(taken.getsockname()[1]), "--once", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in use" in done.stderr


def test_without_a_name_the_seed_chooses_a_quick_fault():
    faults = [
        FaultInfo("a", "", slow=False),
        FaultInfo("b", "", slow=True),
        FaultInfo("c", "", slow=False),
    ]
    assert [first_for(seed, faults) for seed in (1, 2, 3)] == ["a", "c", "a"]
    first = Options(seed=1).what()
    assert first is not None
    assert first.kind == FIRST


def test_a_file_describes_a_fault(tmp_path: Path):
    spec = tmp_path / "fault.yaml"
    spec.write_text("kind: hung-process\n")
    found = Options(spec=spec, seed=7).what()
    assert found is not None
    assert (found.kind, found.seed) == ("hung-process", 7)


def test_nothing_is_broken_in_a_calm_run():
    assert Options(calm_s=10.0).what() is None
    with pytest.raises(RejectInput):
        Options(calm_s=0.0).check()


def test_exit_codes():
    good = sample.observed()
    assert command._exit_code(good, calm=False) == 0
    bad = sample.observed()
    bad.runs = [msgspec.structs.replace(bad.runs[0], verified=None)]
    assert command._exit_code(bad, calm=False) == 1
    calm = Observed(fault=None, seed=1, started_ns=0)
    assert command._exit_code(calm, calm=True) == 0
    assert command._exit_code(good, calm=True) == 1
    calm.problem = "opsweave up ended with 1"
    assert command._exit_code(calm, calm=True) == 1
    calm.interrupted = True
    assert command._exit_code(calm, calm=True) == 130
