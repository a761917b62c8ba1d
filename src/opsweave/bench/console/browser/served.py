"""``opsweave up`` over a made folder, until the measurement is over."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsweave.bench.console.browser.places import Places
from opsweave.bench.console.browser.seat import sign_in
from opsweave.bench.console.make import CONFIG
from opsweave.bench.process import COMMAND
from opsweave.kernel.errors import RetryLater

STOP_S = 30.0
TOKEN = "local.token"  # noqa: S105 - the name of a file


@contextmanager
def served(root: Path) -> Iterator[tuple[str, str, Places]]:
    """(address, session, its API); the log lies beside the stores."""
    argv = [*COMMAND, "up", "--data", str(root), "--config", str(root / CONFIG)]
    with (root / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [*argv, "--port", "0", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        url = _address(process)
        session = sign_in(url, (root / TOKEN).read_text("ascii").strip())
        yield url, session, Places(url, session)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        finally:
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    """Read what it prints when it listens; it prints nothing else."""
    assert process.stdout is not None
    said = ""
    while line := process.stdout.readline():
        said += line
        if line.startswith("}"):
            return str(json.loads(said)["url"])
    raise RetryLater(f"opsweave up ended with {process.wait()}; see its log")
