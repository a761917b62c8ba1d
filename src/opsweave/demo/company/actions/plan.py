"""What every action has in hand, and what it answers before anything happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from opsweave.demo.company.fleet import Fleet
from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.demo.company.repo import Repository
from opsweave.demo.company.spec import write_json
from opsweave.demo.company.state import State, StateStore
from opsweave.kernel.errors import RejectInput

OPERATOR = "opsweave"
Commit = Callable[[Callable[[State], None]], None]
"""Makes the effect part of the wanted state: from then on it has happened."""


@dataclass(frozen=True)
class Call:
    """One wish."""

    key: str
    action: str
    target: str
    role: str
    arguments: dict[str, Any]
    author: str = OPERATOR

    def text(self, name: str, *, needed: bool = False) -> str:
        """A text argument, '' when it is left out. Raises RejectInput."""
        value = self.arguments.get(name)
        if value is None or value == "":
            if needed:
                raise RejectInput("is needed", field=name)
            return ""
        if not isinstance(value, str) or len(value) > 500:
            raise RejectInput("must be a text", field=name)
        return value

    def whole(self, name: str) -> int | None:
        """A whole number, None when it is left out."""
        value = self.arguments.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise RejectInput("must be a whole number", field=name)
        return value


@dataclass(frozen=True)
class Plan:
    """What a call would do.

    ``apply`` does it, and calls the commit that it is given at its point of no return.
    """

    says: str
    apply: Callable[[Commit], None]
    kind: str = "other"
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    entities: tuple[str, ...] = ()
    change: dict[str, Any] = field(default_factory=dict)
    """More fields of the event that tells of it."""
    diff: str = ""
    """The text that would change, as git shows it."""


class Desk:
    """The platform's parts."""

    def __init__(
        self, plan: PlatformPlan, repo: Repository, state: StateStore, fleet: Fleet
    ) -> None:
        self.plan, self.repo, self.store, self.fleet = plan, repo, state, fleet
        self.names = plan.names
        self.paths = Layout(Path(plan.root))

    @property
    def state(self) -> State:
        return self.store.get()

    def publish(self) -> None:
        """Write the files that running processes watch, from the wanted state."""
        shared, state = self.paths.shared, self.state
        flags = flags_of(self.repo.show(state.flags, "flags.yaml"))
        write_json(shared / "flags.json", {name: flag["enabled"] for name, flag in flags.items()})
        write_json(shared / "breakers.json", state.breakers)
        write_json(shared / "jobs.json", {"paused": state.paused})
        write_json(self.paths.models / "aliases.json", {"production": state.production[-1]})
        write_json(self.paths.features / "pinned.json", {"batch": state.pinned or None})


def flags_of(text: str) -> dict[str, dict[str, Any]]:
    """Flags by name: whether they are on, and the role of the service they belong to."""
    found = yaml.safe_load(text) or {}
    return {
        str(name): value if isinstance(value, dict) else {"enabled": bool(value), "service": "edge"}
        for name, value in found.items()
    }


def one_before(history: list[str], *, field: str, what: str) -> str:
    """The entry before the present one. Raises RejectInput when there is none."""
    for older in reversed(history[:-1]):
        if older != history[-1]:
            return older
    raise RejectInput(f"there is no {what} before the present one", field=field)
