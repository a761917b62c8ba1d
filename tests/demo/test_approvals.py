"""The policy the demo writes, and the question to a person."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from opsweave.demo import approvals
from opsweave.demo.approvals import AUTO, Desk, Keys, write_policy
from opsweave.facts import Approval
from opsweave.kernel.errors import RejectInput
from opsweave.runs.policy import load_policy

from . import sample


@pytest.mark.parametrize(("approve", "mode"), [("auto", "auto"), ("ask", "ask")])
def test_the_policy_is_one_that_opsweave_takes(tmp_path: Path, approve, mode):
    (tmp_path / "policy.yaml").write_text("max_risk: medium\nblast_radius: {max_targets: 1}\n")
    write_policy(tmp_path, approve)
    policy = load_policy(tmp_path / "policy.yaml")
    assert policy.approving.mode == mode
    assert policy.blast_radius.max_targets == 1
    if approve == "auto":
        assert policy.approving.principal == AUTO


def test_without_a_policy_there_is_one_afterwards(tmp_path: Path):
    write_policy(tmp_path, "ask")
    assert yaml.safe_load((tmp_path / "policy.yaml").read_text())["approval"] == {"mode": "ask"}


class FakeClient:
    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.error = error

    def decide(self, approval: Approval, decision: str, *, token: str, reason: str) -> Approval:
        if self.error:
            raise self.error
        self.sent.append((approval.id, decision, token))
        return Approval(
            id=approval.id, run="run-9", plan_hash="h1", status="approved", principal="you"
        )


WAITING = [Approval(id="apr-1", run="run-9", plan_hash="h1")]


def desk(client: FakeClient, *, interactive: bool) -> Desk:
    return Desk(client, token="ow_you", data=Path("/data"), interactive=interactive)  # type: ignore[arg-type]


def test_a_person_is_asked_once_and_answers_as_themselves():
    client = FakeClient()
    made = desk(client, interactive=True)
    runs = [sample.plan_run(done=False)]
    assert made.ask(WAITING, runs) == "Approve: roll back basket? [y/n]"
    assert made.answer(WAITING, "x") == ""
    assert made.answer(WAITING, "y") == "approved by you"
    assert client.sent == [("apr-1", "approve", "ow_you")]
    assert made.ask(WAITING, runs) == ""
    assert made.answer(WAITING, "n") == ""


def test_without_a_terminal_the_command_is_shown():
    question = desk(FakeClient(), interactive=False).ask(WAITING, [])
    assert question.endswith("opsweave approvals approve apr-1 --data /data")


def test_an_answer_that_comes_too_late_is_told():
    made = desk(FakeClient(RejectInput("has expired")), interactive=True)
    assert made.answer(WAITING, "n") == "not decided: has expired"


def test_nothing_is_asked_when_nothing_waits():
    assert desk(FakeClient(), interactive=True).ask([], []) == ""


def test_a_job_in_the_background_asks_nobody(monkeypatch):
    monkeypatch.setattr(approvals, "sys", SimpleNamespace(stdin=FakeTerminal, stderr=FakeTerminal))
    monkeypatch.setattr(approvals.os, "tcgetpgrp", lambda _: -1)
    assert not approvals.interactive()
    monkeypatch.setattr(approvals.os, "tcgetpgrp", lambda _: os.getpgrp())
    assert approvals.interactive()


class FakeTerminal:
    @staticmethod
    def isatty() -> bool:
        return True

    @staticmethod
    def fileno() -> int:
        return 0


def test_keys_without_a_terminal():
    with Keys(active=False).reading() as keys:
        assert keys.pressed() == ""
