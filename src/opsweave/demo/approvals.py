"""Who approves what Opsweave wants to do: the policy it is given, and the question to a person."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import yaml

from opsweave.demo.client import Client
from opsweave.demo.incident_panel import call_of
from opsweave.facts import Approval, Run
from opsweave.kernel.errors import OpsweaveError

Approve = Literal["auto", "ask"]
PRINCIPAL = "you"
AUTO = "demo-operator"


def write_policy(config: Path, approve: Approve) -> None:
    """``policy.yaml``: what is there, with the demo's rule of approval."""
    path = config / "policy.yaml"
    policy: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    policy["approval"] = {"mode": approve}
    if approve == "auto":
        policy["approval"] |= {"max_risk": "medium", "principal": AUTO}
    path.write_text(yaml.safe_dump(policy, sort_keys=False), "utf-8")


def question_of(run: Run | None, *, command: str) -> str:
    """What a person is asked: the actions, and how to answer."""
    calls = run.plan.calls if run and run.plan else ()
    what = "; ".join(call_of(call) for call in calls) or "act"
    return f"Approve: {what}? {command}"


class Desk:
    """Puts waiting approvals before a person, and sends the answer as that person."""

    def __init__(self, client: Client, *, token: str, data: Path, interactive: bool) -> None:
        self._client, self._token, self._data = client, token, data
        self._interactive = interactive
        self._answered: set[str] = set()

    def ask(self, waiting: list[Approval], runs: list[Run]) -> str:
        """The question for the first approval that is not answered; '' when there is none."""
        approval = self._next(waiting)
        if approval is None:
            return ""
        run = next((run for run in runs if run.id == approval.run), None)
        command = f"opsweave approvals approve {approval.id} --data {self._data}"
        return question_of(run, command="[y/n]" if self._interactive else f"Run: {command}")

    def answer(self, waiting: list[Approval], key: str) -> str:
        """Send ``y`` or ``n``; what came of it in one sentence, '' when nothing was asked."""
        approval = self._next(waiting)
        if approval is None or key not in ("y", "n"):
            return ""
        decision = "approve" if key == "y" else "reject"
        self._answered.add(approval.id)
        try:
            made = self._client.decide(
                approval, decision, token=self._token, reason="answered in the terminal"
            )
        except OpsweaveError as error:
            return f"not decided: {error}"
        return f"{made.status} by {made.principal}"

    def _next(self, waiting: list[Approval]) -> Approval | None:
        return next((a for a in waiting if a.id not in self._answered), None)


class Keys:
    """Single keys of a terminal, without waiting for them."""

    def __init__(self, *, active: bool) -> None:
        self._active = active

    @contextmanager
    def reading(self) -> Iterator[Keys]:
        """Keys come at once and are not shown; the terminal is left as it was."""
        if not self._active:
            yield self
            return
        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin)
            yield self
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    def pressed(self) -> str:
        """The key that was pressed, in lower case; '' for none."""
        if not self._active or not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        return os.read(sys.stdin.fileno(), 1).decode("utf-8", "replace").lower()


def interactive() -> bool:
    """Whether somebody can answer here. A job in the background must not touch the terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
