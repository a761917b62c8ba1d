"""Where and with what a figure was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import opsweave

_GB = 1024.0**2


def machine() -> dict[str, Any]:
    """Processor, cores, memory, Python, versions, and the commit where there is one.

    >>> sorted(machine())
    ['changed', 'commit', 'cores', 'cpu', 'memory_gb', 'numpy', 'opsweave', 'python', 'system']
    """
    import numpy as np

    commit, changed = _commit()
    return {
        "cpu": _line("/proc/cpuinfo", "model name") or platform.processor() or "unknown",
        "cores": os.cpu_count(),
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "opsweave": opsweave.__version__,
        "commit": commit,
        "changed": changed,
    }


def _line(path: str, field: str) -> str:
    try:
        lines = Path(path).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    values = [line.partition(":")[2].strip() for line in lines if line.startswith(field)]
    return values[0] if values else ""


def _memory() -> float | None:
    kilobytes = _line("/proc/meminfo", "MemTotal").split()
    return round(float(kilobytes[0]) / _GB, 1) if kilobytes else None


def _commit() -> tuple[str | None, bool | None]:
    """(commit of the checkout the code runs from, whether its source was changed since)."""
    folder = Path(opsweave.__file__).parent
    head = _git(folder, "rev-parse", "HEAD")
    if head is None:
        return None, None
    changed = _git(folder, "status", "--porcelain", "--", str(folder))
    return head[:12], bool(changed)


def _git(folder: Path, *words: str) -> str | None:
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=20, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
