"""Effects: each at most once per key, journaled before anybody hears of them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from opsweave.demo.company.actions import ACTIONS, DEVELOPERS_ONLY, OFFERS
from opsweave.demo.company.actions.plan import OPERATOR, Call, Desk, Plan
from opsweave.demo.company.events import Spool, cdevent
from opsweave.demo.company.journal import Entry, Journal
from opsweave.demo.company.state import State
from opsweave.kernel.errors import OpsweaveError, RejectInput, RetryLater
from opsweave.kernel.ids import content_hash

WAIT_S = 60.0
NOTHING = Plan("", lambda _: None)


class UnknownTarget(OpsweaveError):
    """The company has no such entity."""


class KeyTaken(OpsweaveError):
    """The key names another effect."""


class Effects:
    """The control plane's verbs, without HTTP."""

    def __init__(self, desk: Desk, journal: Journal, spool: Spool) -> None:
        self._desk, self._journal, self._spool = desk, journal, spool
        self._roles = {desk.names.entity(role): role for role in OFFERS}
        self._lock = threading.Lock()
        self._running: dict[str, threading.Event] = {}
        self._targets: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._settle()

    def _settle(self) -> None:
        """What was running when the platform died has happened, or has not."""
        for entry in self._journal.entries():
            if entry.state != "running":
                continue
            event = self._desk.store.applied(entry.key)
            if event is None:
                says = "interrupted before anything was changed"
                self._journal.note(msgspec.structs.replace(entry, state="absent", says=says))
                continue
            self._spool.put(event)
            says = f"{entry.says}; finished by the platform's restart"
            self._journal.note(msgspec.structs.replace(entry, state="done", says=says))

    def targets(self) -> list[dict[str, Any]]:
        """Entities with the actions that each offers."""
        return [
            {"entity": entity, "actions": list(OFFERS[role])}
            for entity, role in self._roles.items()
        ]

    def dry_run(self, action: str, target: str, arguments: dict[str, Any]) -> Plan:
        """What would happen; nothing does."""
        return self._prepare(self._call("", action, target, arguments, OPERATOR))

    def find(self, key: str) -> Entry | None:
        """The effect with this key."""
        return self._journal.find(key)

    def commit_files(self, files: dict[str, str], message: str, author: str) -> str:
        """A developer's commit; nothing runs it yet."""
        return self._desk.repo.commit_files(files, message, author)

    def put(
        self, key: str, action: str, target: str, arguments: dict[str, Any], author: str
    ) -> Entry:
        """Do it, unless the key has been used: then what became of it."""
        call = self._call(key, action, target, arguments, author)
        with self._lock:
            known = self._journal.find(key)
            mine = known is None or known.state == "absent"
            if known is not None and not mine and _what(known) != (action, target, arguments):
                raise KeyTaken("the key names another effect")
            if mine:
                done = self._running[key] = threading.Event()
                self._note(call, "running", NOTHING)
            else:
                found = self._running.get(key)
                done = found if found is not None else threading.Event()
                if found is None:
                    done.set()
        if not mine:
            done.wait(WAIT_S)
            return self._journal.find(key) or _missing(key)
        try:
            return self._do(call)
        finally:
            done.set()
            self._running.pop(key, None)

    def _do(self, call: Call) -> Entry:
        with self._targets[call.target]:
            try:
                plan = self._prepare(call)
            except (RejectInput, RetryLater):
                self._note(call, "absent", NOTHING)
                raise
            self._note(call, "running", plan)
            began = time.time()
            event = lambda: self._event(call, plan, began)  # noqa: E731
            try:
                plan.apply(lambda change: self._commit(call, change, event))
            except (RejectInput, RetryLater, OSError) as error:
                if self._desk.store.applied(call.key) is None:
                    return self._failed(call, plan, began, error)
            return self._note(call, "done", plan)

    def _commit(
        self, call: Call, change: Callable[[State], None], event: Callable[[], dict[str, Any]]
    ) -> None:
        told = event()
        self._desk.store.commit(call.key, change, told)
        self._spool.put(told)

    def _failed(self, call: Call, plan: Plan, at: float, error: Exception) -> Entry:
        if plan.kind == "deployment":
            self._spool.put(self._event(call, plan, at, outcome="failed"))
        failed = msgspec.structs.replace(self._entry(call, "failed", plan), says=str(error))
        self._journal.note(failed)
        return failed

    def _event(self, call: Call, plan: Plan, at: float, **more: Any) -> dict[str, Any]:
        name = call.target.rpartition("/")[2]
        known = {"summary": plan.says, "author": call.author, "caused_by": ""}
        if call.author == OPERATOR:
            known["caused_by"] = call.key
        return cdevent(
            id=change_id(name, plan.kind, call.key),
            kind=plan.kind,
            entity=call.target,
            at=at,
            **(known | plan.change | more),
        )

    def _note(self, call: Call, state: str, plan: Plan) -> Entry:
        entry = self._entry(call, state, plan)
        self._journal.note(entry)
        return entry

    def _entry(self, call: Call, state: str, plan: Plan) -> Entry:
        return Entry(
            key=call.key,
            action=call.action,
            target=call.target,
            arguments=call.arguments,
            at=time.time(),
            state=state,
            says=plan.says,
            before=plan.before,
            after=plan.after,
            change=change_id(call.target.rpartition("/")[2], plan.kind, call.key),
        )

    def _call(
        self, key: str, action: str, target: str, arguments: dict[str, Any], author: str
    ) -> Call:
        role = self._roles.get(target)
        if role is None:
            raise UnknownTarget(f"there is no target {target!r}")
        offered = action in OFFERS[role] or ("deploy" in OFFERS[role] and author != OPERATOR)
        if action not in ACTIONS or not offered:
            raise RejectInput(f"{target} does not offer it", field="action")
        if action in DEVELOPERS_ONLY and author == OPERATOR:
            raise RejectInput("only developers configure", field="action")
        return Call(key, action, target, role, arguments, author)

    def _prepare(self, call: Call) -> Plan:
        return ACTIONS[call.action](self._desk, call)


def change_id(name: str, kind: str, key: str) -> str:
    """The id of the change that an effect makes; the same for the same key."""
    return f"{name}-{kind.replace('_', '-')}-{content_hash(key, length=8)}"


def _what(entry: Entry) -> tuple[str, str, dict[str, Any]]:
    return entry.action, entry.target, entry.arguments


def _missing(key: str) -> Entry:
    return Entry(key=key, action="", target="", arguments={}, at=0.0, state="absent")
