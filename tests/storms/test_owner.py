"""One owner per data folder: a second one is refused, and a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opsweave.record.folder import DataFolder
from opsweave.testing.up import COMMAND, UpProcess, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen(sys.argv[1:])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def test_a_second_owner_is_refused(up: UpProcess) -> None:
    up.start()
    second = subprocess.run(
        [*COMMAND, "up", "--data", str(up.data), "--port", "0"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 4
    assert f"owned by process {up.process.pid if up.process else 0}" in second.stderr.decode()
    assert second.stderr.count(b"\n") == 1
    assert up.get("status")["status"] == "ok"


def test_killed_it_leaves_the_folder_free(up: UpProcess) -> None:
    up.start()
    up.kill()
    assert not DataFolder(up.data).owned()
    up.start()
    assert up.stop() == 0
    assert not DataFolder(up.data).owned()


def test_a_killed_parent_leaves_a_server_that_can_be_stopped(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [*COMMAND, "up", "--data", str(data), "--port", "0"]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        assert until(lambda: data.is_dir() and DataFolder(data).server(), bool, 30)
        parent.kill()
        parent.wait(10)
        os.kill(child, signal.SIGTERM)
        assert until(lambda: DataFolder(data).owned(), lambda owned: not owned, 20) is False
    finally:
        if DataFolder(data).owned():
            os.kill(child, signal.SIGKILL)
        parent.stdout.close()
    assert not DataFolder(data).owned()


def test_a_command_started_meanwhile_inherits_no_lock(up: UpProcess) -> None:
    up.start()
    up.command("token", "list")
    assert up.children() == []
    up.kill()
    end = time.monotonic() + 1
    while DataFolder(up.data).owned() and time.monotonic() < end:
        time.sleep(0.01)
    assert not DataFolder(up.data).owned()
