"""The state store's contract over both backends; migrations and old facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.record.state import MemoryState, SqlState, sqlite_url
from opsweave.record.state.upcast import UPCASTERS, upcast
from opsweave.testing.state import StateContract, change


class TestMemoryState(StateContract):
    @pytest.fixture
    def state(self) -> MemoryState:
        return MemoryState()


class TestSqlState(StateContract):
    @pytest.fixture
    def state(self, tmp_path: Path) -> Iterator[SqlState]:
        state = SqlState(sqlite_url(tmp_path / "s.sqlite"))
        yield state
        state.close()


def test_facts_survive_reopening(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "s.sqlite")
    first = SqlState(url)
    first.put(change("c"))
    first.close()
    second = SqlState(url)
    assert second.get(type(change("c")), "c") == change("c")
    second.close()


def test_a_tampered_audit_entry_is_found(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    state = SqlState(sqlite_url(path))
    for n in range(4):
        state.audit(at_ns=n, principal="ann", verb="approve", object_=f"run-{n}")
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE audit SET principal = 'bob' WHERE number = 2")
    raw.close()
    assert state.verify_audit() == 2
    state.close()


def test_old_bodies_pass_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTERS, ("x", 1), lambda body: {**body, "b": body["a"]})
    monkeypatch.setitem(UPCASTERS, ("x", 3), lambda body: {**body, "c": body["b"] + 1})
    assert upcast("x", 1, 4, {"a": 1}) == {"a": 1, "b": 1, "c": 2, "schema_version": 4}
