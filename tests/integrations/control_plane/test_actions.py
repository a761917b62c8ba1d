from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsweave.facts import ActionCall
from opsweave.integrations.actuators import load_actuators
from opsweave.integrations.control_plane.actions import ControlPlane, Settings, actuator
from opsweave.integrations.control_plane.mock import CART, World, serving
from opsweave.kernel.errors import NeedCredentials, RejectInput, RetryLater
from opsweave.runs.ports import EffectState
from opsweave.testing.actuator import ActuatorContract, ActuatorRig, FakeActuator

CALL = ActionCall(action="scale", target=CART, arguments={"by": 1}, key="run-1:0")


@pytest.fixture
def world() -> World:
    return World(token="secret")


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world) as url:
        yield url


@pytest.fixture
def plane(url: str) -> Iterator[ControlPlane]:
    plane = ControlPlane(Settings(url=url, timeout_s=2, act_timeout_s=2), "secret")
    yield plane
    plane.close()


class TestContract(ActuatorContract):
    @pytest.fixture
    def rig(self, plane: ControlPlane, world: World) -> ActuatorRig:
        def disconnect() -> None:
            world.unavailable = True

        def journal() -> list[str]:
            return [entry["key"] for entry in world.journal]

        return ActuatorRig(plane, CALL, journal, disconnect)


class TestContractOfTheFake(ActuatorContract):
    @pytest.fixture
    def rig(self) -> ActuatorRig:
        fake = FakeActuator()

        def disconnect() -> None:
            fake.away = True

        return ActuatorRig(fake, CALL, lambda: list(fake.journal), disconnect)


def test_nobody_listens() -> None:
    plane = ControlPlane(Settings(url="http://127.0.0.1:9", timeout_s=0.5), "")
    for question in (plane.targets, lambda: plane.probe("run-1:0"), lambda: plane.act(CALL)):
        with pytest.raises(RetryLater):
            question()


def test_a_slow_answer_is_given_up_and_the_effect_found_later(url: str, world: World) -> None:
    go_on = threading.Event()

    def wait(_entry: dict[str, Any]) -> None:
        go_on.wait(5)

    world.before_effect = wait
    plane = ControlPlane(Settings(url=url, act_timeout_s=0.1), "secret")
    with pytest.raises(RetryLater):
        plane.act(CALL)
    assert plane.probe(CALL.key).state is EffectState.ABSENT
    go_on.set()
    assert plane.act(CALL).state is EffectState.DONE
    assert [entry["key"] for entry in world.journal] == [CALL.key]


def test_a_lost_answer(plane: ControlPlane, world: World) -> None:
    world.after_effect = lambda _entry: False
    with pytest.raises(RetryLater):
        plane.act(CALL)
    assert plane.probe(CALL.key).state is EffectState.DONE


def test_a_failed_effect(plane: ControlPlane, world: World) -> None:
    world.fails.add("scale")
    assert plane.act(CALL).state is EffectState.FAILED


def test_a_wrong_token_needs_credentials(url: str) -> None:
    plane = ControlPlane(Settings(url=url), "wrong")
    for question in (plane.targets, lambda: plane.dry_run(CALL), lambda: plane.act(CALL)):
        with pytest.raises(NeedCredentials):
            question()


def test_targets_are_kept_for_a_while(url: str, world: World) -> None:
    plane = ControlPlane(Settings(url=url), "secret")
    assert set(plane.targets()) == set(world.targets)
    world.unavailable = True
    assert set(plane.targets()) == set(world.targets)
    eager = ControlPlane(Settings(url=url, targets_for_s=0), "secret")
    with pytest.raises(RetryLater, match="503"):
        eager.targets()


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (503, {"Retry-After": "7"}, b"", RetryLater),
        (503, {"Retry-After": "soon"}, b"", RetryLater),
        (429, {}, b"{}", RetryLater),
        (500, {}, b"<html>", RetryLater),
        (401, {}, b"{}", NeedCredentials),
        (403, {}, b"{}", NeedCredentials),
        (400, {}, b'{"error": "no", "field": "by"}', RejectInput),
        (409, {}, b"[]", RejectInput),
        (302, {"Location": "http://127.0.0.1:9/"}, b"", RejectInput),
        (200, {}, b"<html>", RetryLater),
        (200, {}, b"[]", RetryLater),
        (200, {}, b'{"state": "odd"}', RetryLater),
    ],
)
def test_answers_name_the_next_action(
    plane: ControlPlane, status: int, headers: dict[str, str], body: bytes, error: type[Exception]
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=headers, content=body)

    plane._client._http = httpx.Client(
        base_url="http://127.0.0.1", transport=httpx.MockTransport(answer)
    )
    with pytest.raises(error) as caught:
        plane.act(CALL)
    if isinstance(caught.value, RetryLater) and headers.get("Retry-After") == "7":
        assert caught.value.after_s == 7
    if isinstance(caught.value, RejectInput) and status == 400:
        assert caught.value.field == "by"


def test_made_from_the_operators_file(tmp_path: Path, url: str, world: World) -> None:
    (tmp_path / "token").write_text("secret\n")
    file = tmp_path / "integrations.toml"
    file.write_text(f'[control_plane]\nurl = "{url}"\ntoken_file = "token"\n')
    (made,) = load_actuators(file)
    assert set(made.targets()) == set(world.targets)
    assert load_actuators(tmp_path / "none.toml") == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[control_plane]\nurl = 7", "control_plane"),
        ('[control_plane]\nurl = "file:///etc/passwd"', "control_plane.url"),
        ('[control_plane]\nurl = "http://h"\ntoken_file = "none"', "control_plane.token_file"),
        ('[control_plane]\nurl = "http://h"\npassword = "x"', "control_plane"),
        ('[otlp]\nurl = "http://h"', "otlp"),
        ("[", "integrations.toml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, field: str) -> None:
    file = tmp_path / "integrations.toml"
    file.write_text(text)
    with pytest.raises(RejectInput) as caught:
        load_actuators(file)
    assert field in caught.value.field


def test_the_token_is_in_no_error(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cr3t")
    plane = actuator({"url": "http://127.0.0.1:9", "token_file": "token"}, tmp_path)
    with pytest.raises(RetryLater) as caught:
        plane.targets()
    assert "s3cr3t" not in str(caught.value)
