"""Makes the peers' environment: a virtual one with pinned packages, through pip."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from opsweave.bench.peers.catalogue import PINS
from opsweave.kernel.errors import RejectInput, RetryLater

MARK = "opsweave-peers.txt"


def install(folder: Path, python: str = sys.executable, pins: Sequence[str] = PINS) -> Path:
    """Returns the environment's Python. A folder that holds something else is refused.

    Raises RetryLater when pip fails, with its last line.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise RejectInput(f"--into: {folder} holds something else; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("\n".join(pins) + "\n", encoding="utf-8")
    _run([python, "-m", "venv", str(folder)])
    made = python_of(folder)
    _run([str(made), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins])
    return made


def python_of(folder: Path) -> Path:
    """The Python of an environment that was made. Raises RejectInput when there is none."""
    made = folder / "bin" / "python"
    if not made.exists() and not (folder / MARK).is_file():
        raise RejectInput(
            f"--peers: {folder} holds no peers; make them with opsweave bench peers install"
        )
    return made


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise RetryLater(f"{' '.join(command[:4])} failed: {lines[-1] if lines else 'no message'}")
