"""What faults and innocent changes need of the company; the real one and the tests' fulfil it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from opsweave.demo.company.spec import Names


class Company(Protocol):
    """Developers' verbs tell of a change by an event; the world's levers tell nobody.

    The verbs return the id of the change as its event gives it (``develop``: the commit).
    """

    @property
    def names(self) -> Names: ...

    @property
    def outcomes(self) -> Path: ...

    @property
    def mailbox(self) -> Path:
        """Lies in the folder that the company's processes share."""

    def history(self, files: dict[str, str], message: str, author: str) -> None:
        """Commit something before the company's first day."""

    def source(self, name: str) -> str: ...

    def develop(self, files: dict[str, str], message: str, author: str) -> str: ...

    def deploy(self, role: str, sha: str, author: str) -> str: ...

    def configure(self, role: str, values: dict[str, Any], message: str, author: str) -> str: ...

    def flag(
        self, name: str, on: bool, author: str, *, role: str = "", message: str = ""
    ) -> str: ...

    def promote_model(self, version: str, author: str, summary: str) -> str: ...

    def train_model(self, version: str, *, worse: float = 0.0) -> None: ...

    def hang(self, role: str) -> None: ...

    def wear(self, role: str, factor: float = 30.0) -> None: ...

    def verbose(self, role: str, on: bool, size: int = 40_000) -> None: ...

    def provider(
        self, *, slow_ms: float | None = None, fail: float | None = None, expire: bool = False
    ) -> None: ...

    def surge(self, factors: dict[str, float]) -> None: ...

    def warehouse(
        self, *, hold_s: float | None = None, share: float | None = None, how: str | None = None
    ) -> None: ...
