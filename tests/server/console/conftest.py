"""The wired application over a folder of its own, and ways to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from litestar.testing import TestClient

from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.server.configuration import read_configuration
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly

BASE = "http://localhost.local"
OURS = {"origin": BASE, "x-opsweave": "1"}


class Rig(NamedTuple):
    assembly: Assembly
    client: TestClient[Any]

    def token(self, *scopes: str, name: str = "somebody") -> str:
        return self.assembly.tokens.create_token(name=name, scopes=scopes)[0]

    def bearer(self, *scopes: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(*scopes)}"}

    def sign_in(self, *scopes: str) -> Any:
        answer = self.client.post("/api/v1/session", json={"token": self.token(*scopes)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1/{path}", headers=self.bearer("read", "admin"))
        assert answer.status_code == status, answer.text
        return answer.json()


@contextmanager
def assembled(root: Path) -> Iterator[Assembly]:
    """What ``opsweave up`` puts together, without a thread and without a server."""
    folder, clock = DataFolder(root / "data"), SystemClock()
    with opened(folder, clock) as stores:
        settings = UpSettings(data=folder.root, allow_hosts=("localhost.local",))
        yield Assembly(stores, read_configuration(None), settings, clock)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with assembled(tmp_path) as assembly, TestClient(assembly.app, base_url=BASE) as client:
        yield Rig(assembly, client)


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assembly]:
    """One for a whole module, for those that only read."""
    with assembled(tmp_path_factory.mktemp("idle")) as assembly:
        yield assembly


@pytest.fixture(scope="session")
def assembling() -> Any:
    """For those that keep one longer, and fill it."""
    return assembled
