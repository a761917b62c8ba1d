"""Flags, breakers and credentials."""

from __future__ import annotations

import http.client
from typing import Any

import msgspec
import yaml

from opsweave.demo.company.actions.plan import Call, Commit, Desk, Plan, flags_of
from opsweave.demo.company.spec import write_json
from opsweave.demo.company.state import State
from opsweave.kernel.errors import RejectInput, RetryLater

FLAG_FILE = "flags.yaml"


def switch_flag(desk: Desk, call: Call) -> Plan:
    """Commit a flag's new value and roll it out; nothing restarts."""
    name, on = call.text("flag", needed=True), call.arguments.get("on")
    if not isinstance(on, bool):
        raise RejectInput("true or false is needed", field="on")
    flags = flags_of(desk.repo.read(FLAG_FILE))
    if name not in flags:
        if not call.arguments.get("create"):
            raise RejectInput(f"there is no flag {name!r}", field="flag")
        flags[name] = {"enabled": not on, "service": call.role}
    if flags[name]["service"] != call.role:
        raise RejectInput(f"belongs to {flags[name]['service']}", field="flag")
    was = flags[name]["enabled"]
    flags[name] = flags[name] | {"enabled": on}
    message = call.text("message") or f"Switch {name} {'on' if on else 'off'}"
    now = desk.state.flags
    change: dict[str, Any] = {
        "summary": message,
        "author": call.author,
        "version_from": now[:12],
        "files": [FLAG_FILE],
        "lines_added": 1,
        "lines_deleted": 1,
        "details": {"flag": name, "on": on},
    }

    def apply(commit: Commit) -> None:
        text = yaml.safe_dump(flags, sort_keys=False)
        fresh = desk.repo.commit_files({FLAG_FILE: text}, message, call.author)
        change.update(version_to=fresh[:12], commits=[fresh])

        def set_flags(state: State) -> None:
            state.flags = fresh

        commit(set_flags)
        desk.publish()

    return Plan(
        says=message,
        apply=apply,
        kind="flag",
        before={name: was},
        after={name: on},
        entities=(call.target,),
        change=change,
    )


def open_breaker(desk: Desk, call: Call) -> Plan:
    """Stop calling a dependency; the caller falls back."""
    return _breaker(desk, call, opened=True)


def close_breaker(desk: Desk, call: Call) -> Plan:
    """Call the dependency again."""
    return _breaker(desk, call, opened=False)


def _breaker(desk: Desk, call: Call, *, opened: bool) -> Plan:
    given, role = call.text("dependency", needed=True), call.role
    provider = desk.names.entity("provider")
    if given not in (provider, "provider", desk.names.roles["provider"]):
        raise RejectInput("there is no breaker towards it", field="dependency")
    was = "provider" in desk.state.breakers.get(role, [])

    def apply(commit: Commit) -> None:
        def change(state: State) -> None:
            state.breakers[role] = ["provider"] if opened else []

        commit(change)
        desk.publish()

    verb = "Open" if opened else "Close"
    name = desk.names.roles["provider"]
    return Plan(
        says=f"{verb} the breaker of {desk.names.roles[role]} towards {name}",
        apply=apply,
        before={"breaker": "open" if was else "closed"},
        after={"breaker": "open" if opened else "closed"},
        entities=(call.target, provider),
        change={
            "summary": f"{verb} the breaker towards {name}",
            "details": {"breaker": provider, "open": opened},
        },
    )


def rotate_credential(desk: Desk, call: Call) -> Plan:
    """Ask the provider for a new key and hand it to the callers."""
    file = desk.paths.credentials / "provider.json"

    def apply(commit: Commit) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", desk.plan.provider_port, timeout=5)
        try:
            connection.request("POST", "/keys", body=b"{}")
            answer = msgspec.json.decode(connection.getresponse().read())
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
            raise RetryLater("the provider gives no new key") from error
        finally:
            connection.close()
        write_json(file, {"key": answer["key"]})
        commit(lambda _: None)

    return Plan(
        says=f"Replace the key for {desk.names.roles['provider']}",
        apply=apply,
        kind="credential",
        before={"credential": "present"},
        after={"credential": "new"},
        entities=(call.target, desk.names.entity("provider")),
        change={"summary": f"Rotate the key for {desk.names.roles['provider']}"},
    )
