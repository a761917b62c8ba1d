"""Root-cause cases: folders for whoever diagnoses, truth for the scorer alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from opsweave.kernel.errors import RejectInput

Truth = dict[str, Any]


def datasets(root: Path) -> list[str]:
    """Names of the data sets under ``rca`` that have cases and truth."""
    folder = root / "rca"
    found = sorted(path.stem for path in (folder / "truth").glob("*.json"))
    return [name for name in found if (folder / name).is_dir()]


def cases(root: Path, dataset: str) -> dict[str, Path]:
    """Case folders by id."""
    folder = root / "rca" / dataset
    found = {path.parent.name: path.parent for path in sorted(folder.glob("*/case.json"))}
    if not found:
        raise RejectInput(f"{folder}: no case here (a folder with case.json)")
    return found


def truth(root: Path, dataset: str) -> dict[str, Truth]:
    """Answers by case id. For scorers alone."""
    path = root / "rca" / "truth" / f"{dataset}.json"
    answers: dict[str, Truth] = json.loads(path.read_text("utf-8"))
    return answers


def described(folder: Path) -> dict[str, Any]:
    """The case's own description."""
    said: dict[str, Any] = json.loads((folder / "case.json").read_text("utf-8"))
    return said
