"""The control plane as an Actuator. Address and token come from the operator's own file only."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from opsweave.facts.run import ActionCall, Diff
from opsweave.integrations.control_plane.client import Client
from opsweave.kernel.errors import RejectInput, RetryLater
from opsweave.kernel.ids import EntityRef
from opsweave.runs.ports import Effect, EffectState

_TEXT_LIMIT = 2000


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[control_plane]`` of ``integrations.toml``."""

    url: str
    token_file: str = ""
    timeout_s: float = 3.0
    act_timeout_s: float = 20.0
    targets_for_s: float = 10.0
    """How long the list of targets is kept."""


class ControlPlane:
    """An Actuator over the HTTP API that docs/architecture.md describes."""

    repeatable = True
    """The API does each key once, so that an act may be asked for again."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._client = Client(
            settings.url,
            token,
            timeout_s=settings.timeout_s,
            act_timeout_s=settings.act_timeout_s,
        )
        self._keep_s = settings.targets_for_s
        self._lock = threading.Lock()
        self._targets: dict[str, tuple[str, ...]] = {}
        self._read_at = -1e9

    def targets(self) -> dict[str, tuple[str, ...]]:
        """Entity -> the actions it offers, at most some seconds old."""
        with self._lock:
            if time.monotonic() - self._read_at > self._keep_s:
                self._targets = _targets(self._client.get("/v1/targets"))
                self._read_at = time.monotonic()
            return dict(self._targets)

    def dry_run(self, call: ActionCall) -> Diff:
        """Ask what would change."""
        answer = self._client.post(
            f"/v1/actions/{_part(call.action)}:dry-run",
            {"target": call.target, "arguments": call.arguments},
        )
        return Diff(
            call=call,
            says=_text(answer.get("says")),
            before=_text(answer.get("before")),
            after=_text(answer.get("after")),
            entities=_entities(answer.get("entities")),
        )

    def probe(self, key: str) -> Effect:
        """State of the effect with this key."""
        try:
            return _effect(key, self._client.get(f"/v1/effects/{_part(key)}"))
        except RejectInput:
            # 404 on the effect itself: some servers say absent so.
            return Effect(key=key, state=EffectState.ABSENT)

    def act(self, call: ActionCall) -> Effect:
        """Do it once per key."""
        if not call.key:
            raise RejectInput("an action needs an idempotency key", field="key")
        body = {"action": call.action, "target": call.target, "arguments": call.arguments}
        return _effect(call.key, self._client.put(f"/v1/effects/{_part(call.key)}", body))

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def actuator(config: dict[str, Any], folder: Path) -> ControlPlane:
    """Made of the room's table in ``integrations.toml``; paths are relative to its folder."""
    try:
        settings = msgspec.convert(config, Settings)
    except msgspec.ValidationError as error:
        raise RejectInput(str(error), field="integrations.toml: control_plane") from error
    if urlsplit(settings.url).scheme not in ("http", "https") or not urlsplit(settings.url).netloc:
        raise RejectInput(
            f"{settings.url!r} is no address",
            field="integrations.toml: control_plane.url",
            action="write http://host:port",
        )
    return ControlPlane(settings, _token(settings, folder))


def _token(settings: Settings, folder: Path) -> str:
    if not settings.token_file:
        return ""
    path = folder / settings.token_file
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RejectInput(
            f"{path} cannot be read: {type(error).__name__}",
            field="integrations.toml: control_plane.token_file",
        ) from error


def _targets(answer: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    given = answer.get("targets")
    for item in given if isinstance(given, list) else []:
        entity = item.get("entity") if isinstance(item, dict) else None
        actions = item.get("actions") if isinstance(item, dict) else None
        if isinstance(entity, str) and isinstance(actions, list):
            found[str(EntityRef.parse(entity))] = tuple(str(action) for action in actions)
    return found


def _effect(key: str, answer: dict[str, Any]) -> Effect:
    try:
        state = EffectState(str(answer.get("state")))
    except ValueError as error:
        raise RetryLater(f"the control plane tells no state of {key}", after_s=1.0) from error
    before, after = answer.get("before"), answer.get("after")
    return Effect(
        key=key,
        state=state,
        says=_text(answer.get("says")),
        before=before if isinstance(before, dict) else {},
        after=after if isinstance(after, dict) else {},
    )


def _entities(given: object) -> tuple[str, ...]:
    return tuple(str(e) for e in given) if isinstance(given, list) else ()


def _text(given: object) -> str:
    """What people read; structures are shown as JSON."""
    if given is None:
        return ""
    shown = given if isinstance(given, str) else msgspec.json.encode(given, order="sorted").decode()
    return shown[:_TEXT_LIMIT]


def _part(text: str) -> str:
    return quote(text, safe=":")
