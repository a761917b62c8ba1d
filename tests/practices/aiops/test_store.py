"""Of more than can be looked at, the newest is looked at."""

from __future__ import annotations

import pytest

from opsweave.facts import Change, ChangeKind, Label
from opsweave.practices.aiops import store as module
from opsweave.practices.aiops.store import IncidentStore
from opsweave.record.state import MemoryState


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> IncidentStore:
    monkeypatch.setattr(module, "MOST_CHANGES", 2)
    monkeypatch.setattr(module, "MOST_LABELS", 2)
    return IncidentStore(MemoryState())


def test_changes_are_the_newest_oldest_first(store: IncidentStore) -> None:
    for at in (3, 1, 2):
        change = Change(
            id=f"c{at}", source="t", kind=ChangeKind.FLAG, entity="a", at_ns=at, summary=""
        )
        store.state.put(change)
    assert [change.id for change in store.recent_changes(3)] == ["c2", "c3"]


def test_labels_are_the_newest(store: IncidentStore) -> None:
    for at in (3, 1, 2):
        store.state.put(Label(id=f"l{at}", incident="i", verdict="noise", by="ann", at_ns=at))
    assert {label.id for label in store.labels()} == {"l2", "l3"}
