"""A company on paper: it writes down what it is asked to do."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from opsweave.demo.company.spec import CHOICES, Names


class PaperCompany:
    """Fulfils ``faults.ports.Company``."""

    def __init__(self, folder: Path) -> None:
        self.names = Names(namespace="shop", roles={role: c[0] for role, c in CHOICES.items()})
        self.outcomes = folder / "outcomes.jsonl"
        self.mailbox = folder / "mailbox.jsonl"
        (folder / "features").mkdir()
        self.files: dict[str, str] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.commits: list[dict[str, Any]] = []

    def source(self, name: str) -> str:
        template = resources.files("opsweave.demo.company") / "template"
        return self.files.get(name) or (template / name).read_text()

    def history(self, files: dict[str, str], message: str, author: str) -> None:
        self.develop(files, message, author)

    def develop(self, files: dict[str, str], message: str, author: str) -> str:
        before = {name: self.source(name) for name in files}
        self.files |= files
        self.commits.append(
            {"files": files, "before": before, "message": message, "author": author}
        )
        return f"{len(self.commits):040x}"

    def deploy(self, role: str, sha: str, author: str) -> str:
        return self._called("deploy", role, sha, author)

    def configure(self, role: str, values: dict[str, Any], message: str, author: str) -> str:
        return self._called("configure", role, values, message, author)

    def flag(self, name: str, on: bool, author: str, *, role: str = "", message: str = "") -> str:
        return self._called("flag", name, on, author)

    def promote_model(self, version: str, author: str, summary: str) -> str:
        return self._called("promote", version, author, summary)

    def train_model(self, version: str, *, worse: float = 0.0) -> None:
        self._called("train", version, worse)

    def hang(self, role: str) -> None:
        self._called("hang", role)

    def wear(self, role: str, factor: float = 30.0) -> None:
        self._called("wear", role, factor)

    def verbose(self, role: str, on: bool, size: int = 40_000) -> None:
        self._called("verbose", role, size)

    def provider(
        self, *, slow_ms: float | None = None, fail: float | None = None, expire: bool = False
    ) -> None:
        self._called("provider", slow_ms, expire)

    def surge(self, factors: dict[str, float]) -> None:
        self._called("surge", factors)

    def warehouse(
        self, *, hold_s: float | None = None, share: float | None = None, how: str | None = None
    ) -> None:
        self._called("warehouse", hold_s, share, how)

    def batch(self, number: int, rows: list[list[float]]) -> None:
        """Publish features."""
        name = f"batch-{number}"
        held = {"batch": name, "rows": {str(n): row for n, row in enumerate(rows)}}
        (self.mailbox.parent / "features" / f"{name}.json").write_text(json.dumps(held))

    def _called(self, *what: Any) -> str:
        self.calls.append(what)
        return f"{what[0]}-{len(self.calls)}"


@pytest.fixture
def company(tmp_path: Path) -> PaperCompany:
    return PaperCompany(tmp_path)
