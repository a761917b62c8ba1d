"""What integrations fulfil so that runs can act on the world and look at it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

import msgspec

from opsweave.facts.run import ActionCall, Diff, Predicate


class EffectState(StrEnum):
    """Answer of a probe for the effect with one idempotency key."""

    DONE = "done"
    ABSENT = "absent"
    RUNNING = "running"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What an actuator says of one effect; ``before``/``after`` are the target's state."""

    key: str
    state: EffectState
    says: str = ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


class Actuator(Protocol):
    """Acts on targets. Every call may raise RetryLater (target not reachable) or RejectInput."""

    @property
    def repeatable(self) -> bool:
        """Whether a second ``act`` with one key is harmless even when nobody can probe the first.

        False: after a crash, what :meth:`probe` cannot tell is never done again by itself."""
        ...

    def targets(self) -> dict[str, tuple[str, ...]]:
        """Entity (canonical) -> names of the actions it offers."""
        ...

    def dry_run(self, call: ActionCall) -> Diff:
        """What the action would change; never changes anything."""
        ...

    def probe(self, key: str) -> Effect:
        """State of the effect with this key; ``UNKNOWN`` when the target cannot tell."""
        ...

    def act(self, call: ActionCall) -> Effect:
        """Do it, once per ``call.key``: a second call with it returns the first effect."""
        ...


class Verifier(Protocol):
    """Looks at the record to say whether a predicate holds now."""

    def holds(self, predicate: Predicate, *, incident: str) -> tuple[bool | None, str]:
        """True, False or None (no data), with one sentence of evidence."""
        ...
