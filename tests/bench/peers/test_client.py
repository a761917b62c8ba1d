"""The client against workers that answer, dawdle, grow and die."""

import sys
from pathlib import Path

import pytest

from opsweave.bench.peers.client import Client

PYTHON = Path(sys.executable)
ODD = """
import json, sys, time
for line in sys.stdin:
    said = json.loads(line)["do"]
    if said == "sleep":
        time.sleep(60)
    if said == "die":
        raise SystemExit(3)
    if said == "grow":
        held = bytearray(b"x") * 300_000_000
        time.sleep(60)
    print(json.dumps({"did": said, "error": "told" if said == "err" else None}), flush=True)
"""


@pytest.fixture
def odd(tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text(ODD)
    with Client(PYTHON, worker) as client:
        yield client


def test_one_process_answers_again_and_again(odd):
    assert odd.ask({"do": "a"}, 20).body["did"] == "a"
    reply = odd.ask({"do": "b"}, 20)
    assert reply.failure is None
    assert reply.megabytes > 1


def test_an_error_is_a_failure(odd):
    assert odd.ask({"do": "err"}, 20).failure == "told"


def test_one_that_dawdles_is_stopped_and_the_next_is_answered(odd):
    assert "stopped after" in odd.ask({"do": "sleep"}, 0.3).failure
    assert odd.ask({"do": "a"}, 20).failure is None


def test_one_that_dies_is_told(odd):
    assert odd.ask({"do": "die"}, 20).failure == "the worker ended with 3"
    assert odd.ask({"do": "a"}, 20).failure is None


def test_one_that_grows_is_stopped(odd):
    assert "MB" in odd.ask({"do": "grow"}, 20, megabytes=150).failure


def test_a_request_larger_than_a_pipe_is_not_waited_for(odd):
    assert "stopped after" in odd.ask({"do": "sleep"}, 0.2).failure
    reply = odd.ask({"do": "sleep", "ballast": "x" * 5_000_000}, 0.5)
    assert "stopped after" in reply.failure
