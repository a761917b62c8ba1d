"""The state store's contract over both backends; migrations and old facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.facts import Change, Incident
from opsweave.record.state import MemoryState, SqlState, Where, sqlite_url
from opsweave.record.state.coding import row_of
from opsweave.record.state.upcast import UPCASTERS, upcast
from opsweave.testing.state import StateContract, change, incident

FIRST_SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE facts (
    tenant VARCHAR(100) NOT NULL, type VARCHAR(40) NOT NULL, id VARCHAR(300) NOT NULL,
    entity VARCHAR(700) NOT NULL, status VARCHAR(40) NOT NULL, at_ns BIGINT NOT NULL,
    schema_version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, type, id)
);
CREATE INDEX facts_by_time ON facts (tenant, type, at_ns);
CREATE INDEX facts_by_status ON facts (tenant, type, status);
CREATE INDEX facts_by_entity ON facts (tenant, type, entity);
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY, tenant VARCHAR(100) NOT NULL, at_ns BIGINT NOT NULL,
    principal VARCHAR(200) NOT NULL, verb VARCHAR(200) NOT NULL, object VARCHAR(700) NOT NULL,
    says TEXT NOT NULL, previous VARCHAR(64) NOT NULL, hash VARCHAR(64) NOT NULL
);
"""


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


def test_a_store_of_the_first_schema_is_brought_up_with_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    known = [incident(n, opened_ns=n + 1) for n in range(7)]
    with sqlite3.connect(path) as raw:
        raw.executescript(FIRST_SCHEMA)
        rows = [row_of(fact) for fact in (*known, change("c", 3))]
        names = ("tenant", "type", "id", "entity", "status", "at_ns", "schema_version", "body")
        raw.executemany(
            f"INSERT INTO facts VALUES ({', '.join('?' * len(names))})",
            [tuple(row[name] for name in names) for row in rows],
        )
    raw.close()
    state = SqlState(sqlite_url(path))
    assert state.get(Change, "c") == change("c", 3)
    assert list(state.page(Incident, Where(severity=("critical",)), sort="at").facts) == known[::3]
    assert state.facet(Incident, "places", Where()) == {"pay": 4, "shop": 3}
    state.close()


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
