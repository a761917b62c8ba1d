"""The systems of ``logs/loghub2k``: contents of lines, and apart their true templates."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import msgspec

from opsweave.kernel.errors import RejectInput


class System(msgspec.Struct, frozen=True):
    """One system: what its lines say without the header, and the template of each."""

    name: str
    contents: tuple[str, ...]
    templates: tuple[str, ...]
    raw: Path
    """The raw lines, gzip."""


def names(root: Path) -> list[str]:
    """Names of the systems that are there."""
    folder = root / "logs" / "loghub2k"
    found = sorted(path.name for path in folder.glob("*") if path.is_dir())
    if not found:
        raise RejectInput(f"{folder}: no system here")
    return found


def system(root: Path, name: str) -> System:
    """One system."""
    folder = root / "logs" / "loghub2k" / name
    with gzip.open(
        folder / f"{name}_2k.log_structured_corrected.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    return System(
        name,
        tuple(row["Content"] for row in rows),
        tuple(row["EventTemplate"] for row in rows),
        folder / f"{name}_2k.log.gz",
    )
