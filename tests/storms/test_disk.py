"""A full disk: 503 with Retry-After, nothing half-written, and it recovers by itself.

On a small tmpfs where that may be mounted (root on Linux), else skipped.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from opsweave.testing.up import UpProcess, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
SIZE = 72 << 20
BALLAST = 44 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip(f"a tmpfs may not be mounted here: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_it_says_so_and_recovers(small: Path, tmp_path: Path) -> None:
    ballast = small / "ballast"
    ballast.write_bytes(bytes(BALLAST))
    up = UpProcess(small / "data", options=("--disk-low-mb", "4"))
    up.log = tmp_path / "log"
    try:
        up.start()
        headers = {"authorization": f"Bearer {up.token('ingest')}"}
        with httpx.Client(base_url=up.url, headers=headers, trust_env=False) as client:
            accepted, refusal = fill(client)
            assert refusal.status_code == 503, refusal.text
            assert int(refusal.headers["retry-after"]) >= 1
            assert set(refusal.json()) == {"error", "field", "action"}
            health = client.get("/healthz").json()
            assert health["status"] == "degraded"
            assert any("disk" in says for says in health["degraded"]), health
            assert client.get("/readyz").status_code == 200
            ballast.unlink()
            answer = until(lambda: send(client, "after", 1000), lambda a: a.status_code == 202)
            assert answer.status_code == 202, "it recovers by itself"
        counts = up.settle()
        assert counts["lost"] == counts["pending"] == counts["refused"] == 0
        assert counts["received"] == counts["stored"] == accepted + 1
        verified = up.command("ledger", "verify")
        assert verified["damaged"] == []
        assert verified["readable"] == accepted + 1
        well = until(lambda: up.get("status"), lambda s: not s["degraded"], 30)
        assert well["degraded"] == []
        assert up.stop() == 0
        up.start()
        assert up.settle()["stored"] == accepted + 1
        assert up.get("status")["stores"]["telemetry"]["quarantines"] == []
    finally:
        up.close()


def test_a_start_on_a_full_disk_says_so_and_harms_nothing(small: Path, tmp_path: Path) -> None:
    ballast = small / "ballast"
    ballast.write_bytes(bytes(BALLAST))
    up = UpProcess(small / "data")
    up.log = tmp_path / "log"
    try:
        up.start()
        headers = {"authorization": f"Bearer {up.token('ingest')}"}
        with httpx.Client(base_url=up.url, headers=headers, trust_env=False) as client:
            for number in range(50):
                assert send(client, f"{number}", 20_000).status_code == 202
        up.kill()
        with (small / "more").open("wb", buffering=0) as more, contextlib.suppress(OSError):
            while more.write(bytes(4096)) == 4096:
                pass
        up.spawn()
        assert up.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            up.process.wait(5)
            last = up.tail().strip().splitlines()[-1]
            assert last.startswith("opsweave: "), up.tail()
        up.kill()
        ballast.unlink()
        (small / "more").unlink()
        up.start()
        counts = up.settle()
        assert (counts["received"], counts["stored"], counts["lost"]) == (50, 50, 0)
        assert up.get("status")["stores"]["telemetry"]["quarantines"] == []
    finally:
        up.close()


def send(client: httpx.Client, name: str, size: int) -> httpx.Response:
    body = {"type": "fill", "message": name, "padding": os.urandom(size // 2).hex()}
    return client.post("/webhooks/fill", json=body)


def fill(client: httpx.Client) -> tuple[int, httpx.Response]:
    """Send until refused at every size: how many were accepted, and the refusal."""
    accepted = 0
    for size in (200_000, 20_000, 2_000):
        for number in range(2_000):
            answer = send(client, f"{size}-{number}", size)
            if answer.status_code != 202:
                break
            accepted += 1
            time.sleep(0.002)
    return accepted, answer
