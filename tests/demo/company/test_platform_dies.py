"""A platform of its own, killed at bad moments: nothing survives it, and nothing happens twice."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsweave.demo.company.company import Company


@pytest.fixture
def own(sink: Any, tmp_path: Path) -> Iterator[Company]:
    found = Company(tmp_path, seed=6, otlp=sink.url, token="secret")
    found.start()
    try:
        found.wait_ready(60)
        yield found
    finally:
        assert found.stop() == 0


def gone(company: Company, within_s: float = 10.0) -> bool:
    end = time.monotonic() + within_s
    while company.alive() and time.monotonic() < end:
        time.sleep(0.05)
    return not company.alive()


def done_lines(company: Company) -> Counter[str]:
    """How often each key was journaled as done."""
    lines = [
        msgspec.json.decode(line)
        for path in (company.folder / "company" / "journal").glob("*.jsonl")
        for line in path.read_bytes().splitlines()
    ]
    return Counter(line["key"] for line in lines if line["state"] == "done")


@pytest.mark.slow
@pytest.mark.parametrize("wait_s", [0.0, 0.15, 0.5])
def test_killed_in_the_middle_of_an_effect(own: Company, platform_of: Any, wait_s: float) -> None:
    platform = platform_of(own)
    own.flag("warm-start", False, "Tom Okafor")

    def put() -> None:
        with suppress(OSError, http.client.HTTPException, ValueError):
            platform.put("run-kill:1", "scale", "catalog", replicas=2)
            platform.put("run-kill:2", "restart", "cart")

    thread = threading.Thread(target=put, daemon=True)
    thread.start()
    time.sleep(wait_s)
    os.kill(own.processes()["platform"], signal.SIGKILL)
    assert gone(own)
    thread.join(5)
    own.start()
    own.wait_ready(60)
    for key, action, role, arguments in (
        ("run-kill:1", "scale", "catalog", {"replicas": 2}),
        ("run-kill:2", "restart", "cart", {}),
    ):
        state = platform.ask("GET", f"/v1/effects/{key}")[1]["state"]
        assert state in ("done", "absent")
        assert platform.put(key, action, role, **arguments)[1]["state"] == "done"
    assert done_lines(own)["run-kill:1"] == done_lines(own)["run-kill:2"] == 1
    name = own.names.roles["catalog"]
    assert sum(n.rpartition("-")[0] == name for n in own.processes()) == 2


RUNNER = """
import sys, time
from pathlib import Path
from opsweave.demo.company.company import Company
company = Company(Path(sys.argv[1]), seed=1, otlp="http://127.0.0.1:1", token="secret")
company.start()
company.wait_ready(60)
company.hang("cart")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_nothing_survives_a_killed_runner(tmp_path: Path) -> None:
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert runner.stdout is not None
    assert runner.stdout.readline() == "ready\n"
    looking = Company(tmp_path, seed=1, otlp="http://127.0.0.1:1", token="secret")
    assert len(looking.alive()) >= 13
    runner.kill()
    runner.wait(5)
    assert gone(looking)


@pytest.fixture
def platform_of(sink: Any, platform_class: Any) -> Callable[[Company], Any]:
    return lambda company: platform_class(company, sink)
