"""However the demo ends, no process of it is left: looked for by a mark of the test's own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MARK = "OPSWEAVE_TEST_ENDING"
STARTED_S = 20.0
GONE_S = 30.0


class Family:
    """A fake demo and everything that came out of it."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.mark = f"{os.getpid()}-{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fake_demo.py")), *words],
            env=os.environ | {MARK: self.mark, "TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def alive(self) -> list[int]:
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environment = (folder / "environ").read_bytes()
                except OSError:
                    continue
                if wanted in environment.split(b"\0"):
                    found.append(int(folder.name))
        return found

    def wait(self, number: int, *, least: bool) -> None:
        """Until so many live, or so few."""
        end = time.monotonic() + (STARTED_S if least else GONE_S)
        while time.monotonic() < end:
            count = len(self.alive())
            if count >= number if least else count <= number:
                return
            time.sleep(0.05)
        raise AssertionError(f"{len(self.alive())} processes instead of {number}")

    def end(self) -> tuple[list[str], str]:
        out, error = self.process.communicate(timeout=GONE_S)
        return out.splitlines(), error


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    made = Family(tmp_path)
    # the demo, its guard, the server, and two of the company
    made.wait(5, least=True)
    yield made
    for pid in made.alive():
        os.kill(pid, signal.SIGKILL)
    made.process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(family: Family, number):
    family.process.send_signal(number)
    lines, error = family.end()
    report = json.loads(lines[-1])
    assert family.alive() == []
    assert (report["processes_left"], report["interrupted"]) == (0, True)
    assert report["processes_swept"] >= 2
    assert "Traceback" not in error


@pytest.mark.slow
def test_more_signals_while_it_ends_change_nothing(family: Family):
    for _ in range(3):
        family.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    lines, error = family.end()
    assert json.loads(lines[-1])["processes_left"] == 0
    assert family.alive() == []
    assert "Traceback" not in error


@pytest.mark.slow
def test_a_terminal_that_is_gone_leaves_neither_processes_nor_folders(
    family: Family, tmp_path: Path
):
    assert family.process.stdout is not None
    assert family.process.stderr is not None
    family.process.stdout.close()
    family.process.stderr.close()
    family.process.send_signal(signal.SIGHUP)
    family.process.wait(GONE_S)
    assert family.alive() == []
    assert list(tmp_path.glob("opsweave-demo-*")) == []


@pytest.mark.slow
def test_a_killed_demo_leaves_nobody(family: Family):
    family.process.kill()
    family.process.wait()
    family.wait(0, least=False)


@pytest.mark.slow
def test_a_run_that_ends_by_itself_leaves_nobody(tmp_path: Path):
    family = Family(tmp_path, "once")
    lines, error = family.end()
    assert lines[0] == "outcome"
    report = json.loads(lines[1])
    assert (report["processes_left"], report["interrupted"]) == (0, False)
    assert report["opsweave"]["memory_mb"] > 1
    assert not report["recovered"]
    assert list(tmp_path.glob("opsweave-demo-*")) == []
    assert family.alive() == []
    assert "Traceback" not in error
