"""Code and configuration: rolled out from commits, rolled back to commits."""

from __future__ import annotations

import difflib
import re
from typing import Any

import yaml

from opsweave.demo.company.actions.plan import OPERATOR, Call, Commit, Desk, Plan, one_before
from opsweave.demo.company.state import State
from opsweave.kernel.errors import RejectInput

_SHA = re.compile(r"^[0-9a-f]{7,40}$")
_KEY = re.compile(r"^[a-z_]+(\.[a-z_]+)*$")
SHORT = 12


def deploy(desk: Desk, call: Call) -> Plan:
    """Run the code of a commit."""
    to = commit_of(desk, call.text("version", needed=True), "version")
    return _release(desk, call, to, rollback=False)


def roll_back(desk: Desk, call: Call) -> Plan:
    """Run the code that ran before, and make it the code of the main branch again."""
    history = desk.state.roles[call.role].code
    given = call.text("version_to")
    to = (
        commit_of(desk, given, "version_to")
        if given
        else one_before(history, field="version_to", what="version")
    )
    return _release(desk, call, to, rollback=True)


def _release(desk: Desk, call: Call, to: str, *, rollback: bool) -> Plan:
    role, wanted = call.role, desk.state.roles[call.role]
    now, folder = wanted.code[-1], f"services/{call.role}"
    files, added, deleted = desk.repo.stat(now, to, folder)
    commits = desk.repo.between(now, to, folder)

    def apply(commit: Commit) -> None:
        def change(state: State) -> None:
            code = state.roles[role].code
            if rollback and to in code:
                code[:] = code[: code.index(to) + 1]
            else:
                code.append(to)

        desk.fleet.roll(role, to, wanted.config[-1], wanted.replicas, lambda: commit(change))
        if rollback:
            desk.repo.restore(to, folder, f"Roll {role} back to {to[:SHORT]}", call.author)

    verb = "Roll back" if rollback else "Deploy"
    return Plan(
        says=f"{verb} {desk.names.roles[role]} from {now[:SHORT]} to {to[:SHORT]}",
        apply=apply,
        kind="deployment",
        before={"version": now[:SHORT]},
        after={"version": to[:SHORT], "files": files, "lines": f"+{added} -{deleted}"},
        entities=(call.target,),
        diff=desk.repo.diff(now, to, folder),
        change={
            "summary": f"Roll back to {to[:SHORT]}" if rollback else desk.repo.subject(to),
            "author": call.author if call.author == OPERATOR else desk.repo.author(to),
            "version_from": now[:SHORT],
            "version_to": to[:SHORT],
            "commits": commits,
            "files": files,
            "lines_added": added,
            "lines_deleted": deleted,
            "outcome": "rolledback" if rollback else "deployed",
            "details": {"rollback": True} if rollback else {},
        },
    )


def configure(desk: Desk, call: Call) -> Plan:
    """Commit new values of ``config/ROLE.yaml`` and roll them out."""
    values = call.arguments.get("values")
    if not isinstance(values, dict) or not values:
        raise RejectInput("a mapping of keys to values is needed", field="values")
    text = desk.repo.read(f"config/{call.role}.yaml")
    message = call.text("message") or f"Set {', '.join(values)} of {call.role}"
    return _configuration(desk, call, with_values(text, values), message, rollback=False)


def revert_configuration(desk: Desk, call: Call) -> Plan:
    """Bring back the former configuration, or the former value of one key."""
    history = desk.state.roles[call.role].config
    given, key = call.text("version_to"), call.text("key")
    to = (
        commit_of(desk, given, "version_to")
        if given
        else one_before(history, field="version_to", what="configuration")
    )
    name = f"config/{call.role}.yaml"
    text = desk.repo.show(to, name)
    if key:
        former = flat(yaml.safe_load(text))
        if key not in former:
            raise RejectInput(f"the former configuration has no {key!r}", field="key")
        text = with_values(desk.repo.show(history[-1], name), {key: former[key]})
    message = f"Revert {key or 'the configuration'} of {call.role} to {to[:SHORT]}"
    return _configuration(desk, call, text, message, rollback=True)


def _configuration(desk: Desk, call: Call, text: str, message: str, *, rollback: bool) -> Plan:
    role, wanted = call.role, desk.state.roles[call.role]
    name, now = f"config/{role}.yaml", wanted.config[-1]
    keys = differing(desk.repo.show(now, name), text)
    change: dict[str, Any] = {
        "summary": message,
        "author": call.author,
        "version_from": now[:SHORT],
        "files": [name],
        "lines_added": len(keys),
        "lines_deleted": len(keys),
        "outcome": "rolledback" if rollback else "",
        "details": {"keys": keys} | ({"rollback": True} if rollback else {}),
    }

    def apply(commit: Commit) -> None:
        fresh = desk.repo.commit_files({name: text}, message, call.author)
        change.update(version_to=fresh[:SHORT], commits=[fresh])

        def change_state(state: State) -> None:
            history = state.roles[role].config
            if rollback and len(history) > 1:
                history.pop()
            history.append(fresh)

        desk.fleet.roll(role, wanted.code[-1], fresh, wanted.replicas, lambda: commit(change_state))

    return Plan(
        says=message,
        apply=apply,
        kind="configuration",
        before={key: old for key, (old, _) in keys.items()},
        after={key: new for key, (_, new) in keys.items()},
        entities=(call.target,),
        diff=unified(desk.repo.show(now, name), text, name),
        change=change,
    )


def commit_of(desk: Desk, text: str, field: str) -> str:
    """The full SHA of a commit. Raises RejectInput."""
    found = desk.repo.resolve(text) if _SHA.match(text) else None
    if found is None:
        raise RejectInput("is no commit of the repository", field=field)
    return found


def flat(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Dotted keys of a nested mapping."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{before}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, dict) else {name: value}
    return found


def with_values(text: str, values: dict[str, Any]) -> str:
    """The YAML text with some dotted keys set. Raises RejectInput."""
    document = yaml.safe_load(text)
    for key, value in values.items():
        if not _KEY.match(key) or not isinstance(value, (int, float, str, bool)):
            raise RejectInput(f"{key!r} cannot be set to that", field="values")
        *outer, last = key.split(".")
        place = document
        for name in outer:
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                raise RejectInput(f"{key!r} lies below a value", field="values")
        place[last] = value
    return str(yaml.safe_dump(document, sort_keys=False))


def unified(old: str, new: str, name: str) -> str:
    """The difference of two texts, as a patch."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", n=1, lineterm=""
    )
    return "\n".join(lines)


def differing(old: str, new: str) -> dict[str, list[str]]:
    """Keys whose values differ, with both values as text."""
    before, after = flat(yaml.safe_load(old)), flat(yaml.safe_load(new))
    return {
        key: [str(before.get(key, "")), str(after.get(key, ""))]
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    }
