"""What the platform wants to be running; replaced atomically, so that a restart resumes it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.company.spec import write_json


class RoleState(msgspec.Struct, kw_only=True):
    """Versions that were rolled out, oldest first; the last one runs."""

    code: list[str]
    config: list[str]
    replicas: int = 1


class State(msgspec.Struct, kw_only=True):
    """The wanted state, and the keys of the effects that are part of it."""

    roles: dict[str, RoleState]
    flags: str
    """Commit whose flags.yaml is rolled out."""
    production: list[str]
    """Model versions that the alias named, oldest first; the last one serves."""
    paused: list[str] = []
    breakers: dict[str, list[str]] = {}
    pinned: str = ""
    """Feature batch that is served although newer ones exist; '' follows the newest."""
    applied: dict[str, dict[str, Any]] = {}
    """Keys of the effects that are part of this state, with the event that tells of each."""


class StateStore:
    """The one writer of the state."""

    def __init__(self, path: Path, first: Callable[[], State]) -> None:
        self._path = path
        self._lock = threading.Lock()
        if path.exists():
            self._state = msgspec.json.decode(path.read_bytes(), type=State)
        else:
            self._state = first()
            write_json(path, self._state)

    def get(self) -> State:
        """The present state; to be read only."""
        return self._state

    def commit(self, key: str, change: Callable[[State], None], event: dict[str, Any]) -> None:
        """Change the state; ``key`` counts as applied from then on."""
        with self._lock:
            fresh = msgspec.json.decode(msgspec.json.encode(self._state), type=State)
            change(fresh)
            fresh.applied[key] = event
            write_json(self._path, fresh)
            self._state = fresh

    def applied(self, key: str) -> dict[str, Any] | None:
        """The event of the effect with this key, None when it is no part of the state."""
        return self._state.applied.get(key)
