from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STEPS = "services/cart/steps.py"


def until(what: Callable[[], Any], within_s: float = 10.0) -> Any:
    """What it says once it says something."""
    end = time.monotonic() + within_s
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def new_version(platform: Any) -> str:
    text = platform.company.source(STEPS)
    files = {STEPS: f"{text}\n# {time.time_ns()}\n"}
    return str(platform.company.develop(files, "Say it better", "Mara Lind"))


def test_targets_offer_what_makes_sense_for_them(platform: Any) -> None:
    status, answer = platform.ask("GET", "/v1/targets")
    offers = {one["entity"]: set(one["actions"]) for one in answer["targets"]}
    assert status == 200
    assert {"deploy", "roll_back", "restart", "scale"} <= offers[platform.entity("cart")]
    assert "open_breaker" in offers[platform.entity("payment")]
    assert "open_breaker" not in offers[platform.entity("cart")]
    assert offers[platform.entity("features")] == {"quarantine_data", "release_data"}
    assert offers[platform.entity("model")] == {"switch_model_alias"}
    assert "stop_job" in offers[platform.entity("warehouse")]
    assert "scale" not in offers[platform.entity("orders")]
    assert platform.entity("provider") not in offers


def test_a_dry_run_shows_the_change_and_changes_nothing(platform: Any) -> None:
    before = platform.company.state()
    status, answer = platform.dry_run("deploy", "cart", version=new_version(platform))
    assert status == 200
    assert answer["after"]["files"] == [STEPS]
    assert "+# " in answer["diff"]
    assert answer["entities"] == [platform.entity("cart")]
    assert platform.company.state() == before


def test_the_same_key_makes_one_effect(platform: Any) -> None:
    status, first = platform.put("run-one:1", "restart", "cart")
    assert (status, first["state"]) == (200, "done")
    running = platform.company.processes()
    assert platform.put("run-one:1", "restart", "cart") == (200, first)
    assert platform.company.processes() == running
    assert not set(first["before"]["instances"]) & set(running)
    assert platform.ask("GET", "/v1/effects/run-one:1") == (200, first)
    told = until(lambda: platform.sink.told(first["change"]))
    assert [one["caused_by"] for one in told] == ["run-one:1"]


def test_two_at_once_with_one_key_make_one_effect(platform: Any) -> None:
    answers: list[Any] = []

    def put() -> None:
        answers.append(platform.put("run-two:1", "restart", "mailer"))

    threads = [threading.Thread(target=put) for _ in range(3)]
    for thread in threads:
        thread.start()
    seen = until(lambda: platform.ask("GET", "/v1/effects/run-two:1")[1]["state"] != "absent")
    for thread in threads:
        thread.join(30)
    assert seen
    assert answers[0] == answers[1] == answers[2]
    name = platform.company.names.roles["mailer"]
    mailers = [n for n in platform.company.processes() if n.rpartition("-")[0] == name]
    assert len(mailers) == 1


def test_an_effect_is_seen_while_it_runs(platform: Any) -> None:
    thread = threading.Thread(target=platform.put, args=("run-three:1", "restart", "edge"))
    thread.start()
    state = until(lambda: _not_absent(platform, "run-three:1"))
    thread.join(30)
    assert state == "running"
    assert _not_absent(platform, "run-three:1") == "done"


def _not_absent(platform: Any, key: str) -> str | None:
    state = str(platform.ask("GET", f"/v1/effects/{key}")[1]["state"])
    return None if state == "absent" else state


def test_a_key_is_for_one_call(platform: Any) -> None:
    platform.put("run-four:1", "purge_logs", "edge")
    assert platform.put("run-four:1", "purge_logs", "cart")[0] == 409
    assert platform.put("run-four:1", "restart", "edge")[0] == 409


@pytest.mark.parametrize(
    ("action", "role", "arguments", "field"),
    [
        ("scale", "cart", {}, "replicas"),
        ("scale", "cart", {"replicas": 99}, "replicas"),
        ("scale", "cart", {"by": "2"}, "by"),
        ("deploy", "cart", {}, "version"),
        ("deploy", "cart", {"version": "--help"}, "version"),
        ("deploy", "cart", {"version": "0" * 40}, "version"),
        ("switch_flag", "cart", {"flag": "none", "on": True}, "flag"),
        ("switch_flag", "cart", {"flag": "warm-start", "on": True}, "flag"),
        ("switch_flag", "catalog", {"flag": "warm-start", "on": "yes"}, "on"),
        ("open_breaker", "payment", {"dependency": "cart"}, "dependency"),
        ("open_breaker", "cart", {"dependency": "provider"}, "action"),
        ("quarantine_data", "features", {"batch": "batch-1"}, "batch"),
        ("quarantine_data", "features", {"batch": "../x"}, "batch"),
        ("switch_model_alias", "model", {"version": "../../x"}, "version"),
        ("configure", "cart", {"values": {"workers": 1}}, "action"),
        ("explode", "cart", {}, "action"),
    ],
)
def test_wrong_arguments_name_their_field(
    platform: Any, action: str, role: str, arguments: dict[str, Any], field: str
) -> None:
    status, answer = platform.put(f"run-wrong:{action}", action, role, **arguments)
    assert (status, answer["field"]) == (400, field)
    assert platform.dry_run(action, role, **arguments)[0] == 400
    assert platform.ask("GET", f"/v1/effects/run-wrong:{action}")[1]["state"] == "absent"


def test_who_may_ask_and_what_is_there(platform: Any) -> None:
    assert platform.ask("GET", "/v1/targets", token="wrong")[0] == 401
    assert platform.ask("GET", "/v1/nothing")[0] == 404
    assert platform.ask("POST", "/v1/commits", {"files": {}})[0] == 404
    body = {"action": "restart", "target": "service:demo/none/cart", "arguments": {}}
    assert platform.ask("PUT", "/v1/effects/run-none:1", body)[0] == 404
    status, answer = platform.ask("PUT", "/v1/effects/run-none:2", "{")
    assert (status, answer["field"]) == (400, "body")
    absent = {"key": "run-none:1", "state": "absent"}
    assert platform.ask("GET", "/v1/effects/run-none:1") == (200, absent)


def test_a_release_comes_and_goes_with_its_events(platform: Any) -> None:
    sha = new_version(platform)
    change = platform.company.deploy("cart", sha, "Mara Lind")
    (told,) = until(lambda: platform.sink.told(change))
    assert (told["kind"], told["author"], told["caused_by"]) == ("deployment", "Mara Lind", "")
    assert (told["commits"][0], told["files"]) == (sha, [STEPS])
    assert (told["version_to"], told["summary"]) == (sha[:12], "Say it better")
    status, undone = platform.put("run-back:1", "roll_back", "cart")
    assert (status, undone["after"]["version"]) == (200, told["version_from"])
    (back,) = until(lambda: platform.sink.told(undone["change"]))
    assert (back["outcome"], back["caused_by"]) == ("rolledback", "run-back:1")
    assert platform.company.source(STEPS).count("# 1") < 2


def test_configuration_and_flags_are_commits(platform: Any) -> None:
    company = platform.company
    change = company.configure("cart", {"pool.size": 5}, "Fewer connections", "Tom Okafor")
    (told,) = until(lambda: platform.sink.told(change))
    assert told["details"] == {"keys": {"pool.size": ["6", "5"]}}
    assert "size: 5" in company.source("config/cart.yaml")
    _, undone = platform.put("run-config:1", "revert_configuration", "cart", key="pool.size")
    assert (undone["state"], undone["after"]) == ("done", {"pool.size": "6"})
    assert "size: 6" in company.source("config/cart.yaml")
    change = company.flag("fresh", True, "Tom Okafor", role="cart")
    (told,) = until(lambda: platform.sink.told(change))
    assert told["details"] == {"flag": "fresh", "on": True}
    assert platform.put("run-flag:1", "switch_flag", "cart", flag="fresh", on=False)[0] == 200


def test_a_release_that_does_not_start_changes_nothing(platform: Any) -> None:
    company, before = platform.company, platform.company.state()["roles"]["mailer"]
    name = "services/mailer/steps.py"
    good = company.source(name)
    sha = company.develop({name: "raise ImportError\n"}, "Shorter", "Mara Lind")
    status, answer = platform.put("run-broken:1", "deploy", "mailer", version=sha)
    company.develop({name: good}, "Longer", "Mara Lind")
    assert (status, answer["state"]) == (200, "failed")
    assert company.state()["roles"]["mailer"] == before
    (told,) = until(lambda: platform.sink.told(answer["change"]))
    assert told["outcome"] == "failed"


def test_a_restart_cures_a_stopped_process(platform: Any) -> None:
    company = platform.company
    company.hang("payment")
    assert platform.put("run-hung:1", "restart", "payment")[1]["state"] == "done"
    name = company.names.roles["payment"]
    (pid,) = (p for n, p in company.processes().items() if n.rpartition("-")[0] == name)
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    assert state != "T"


def test_replicas_are_added_and_removed(platform: Any) -> None:
    name = platform.company.names.roles["catalog"]

    def count() -> int:
        return sum(n.rpartition("-")[0] == name for n in platform.company.processes())

    assert platform.put("run-scale:1", "scale", "catalog", by=1)[1]["after"] == {"replicas": 2}
    assert count() == 2
    assert platform.put("run-scale:2", "scale", "catalog", replicas=1)[1]["state"] == "done"
    assert count() == 1


def test_telemetry_reaches_every_door(platform: Any) -> None:
    doors = {"/v1/traces", "/v1/metrics"}
    assert until(lambda: doors <= platform.sink.paths)
