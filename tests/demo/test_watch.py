"""What the demo asks Opsweave, and what it makes of the answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from opsweave.demo.client import Client, Deployments
from opsweave.demo.scene import Scene
from opsweave.demo.watch import Watch
from opsweave.facts import Approval
from opsweave.kernel.errors import NeedCredentials, RejectInput, RetryLater

from . import sample


class Answers:
    """An API that answers by path; a number is a status."""

    def __init__(self) -> None:
        run = sample.observed()
        self.by_path: dict[str, Any] = {
            "incidents": {"items": msgspec.to_builtins(run.incidents)},
            "alerts": {"items": msgspec.to_builtins(run.alerts[::-1])},
            "changes": {"items": msgspec.to_builtins(run.changes[::-1])},
            "runs": {"items": msgspec.to_builtins(run.runs)},
            "approvals": {"items": [msgspec.to_builtins(APPROVAL)]},
            "slos": {"items": msgspec.to_builtins(run.slos)},
            "deployments": msgspec.to_builtins(run.deployments),
            "query": {
                "columns": {"entity": [sample.CART], "n": [60], "errors": [0.1], "p95": [33.0]},
                "rows": 1,
            },
            f"approvals/{APPROVAL.id}": msgspec.to_builtins(APPROVAL),
        }
        self.asked: list[tuple[str, str, bytes]] = []


APPROVAL = Approval(id="apr-1", run="run-9", plan_hash="h1")


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def client(answers: Answers) -> Iterator[Client]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = self.path.removeprefix("/api/v1/").partition("?")[0]
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answers.asked.append((path, self.headers["Authorization"], body))
            made = answers.by_path[path]
            status = made if isinstance(made, int) else 200
            raw = json.dumps({"error": "says why"} if isinstance(made, int) else made).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer  # noqa: N815  # names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Client(f"http://127.0.0.1:{server.server_port}", "ow_local")
    yield made
    made.close()
    server.shutdown()
    server.server_close()


def watched(client: Client) -> tuple[Watch, Scene]:
    scene = sample.scene()
    scene.run.incidents, scene.run.alerts, scene.run.changes, scene.run.runs = [], [], [], []
    scene.run.slos, scene.run.deployments = [], Deployments()
    return Watch(client, scene, charts=True), scene


def test_one_look_fills_the_scene(client: Client):
    watch, scene = watched(client)
    watch.look(sample.at(130))
    expected = sample.observed()
    for field in ("incidents", "alerts", "changes", "runs", "slos", "deployments"):
        assert getattr(scene.run, field) == getattr(expected, field), field
    assert watch.approvals == [APPROVAL]
    assert scene.services[sample.CART].p95_ms == 33.0
    assert scene.services[sample.CART].requests == 10.0
    assert scene.services[sample.EDGE].p95_ms is None


def test_no_answer_leaves_what_was_known(client: Client, answers: Answers):
    watch, scene = watched(client)
    watch.look(sample.at(130))
    answers.by_path["incidents"] = 503
    watch.look(sample.at(131))
    assert watch.unanswered == 1
    assert scene.run.incidents


def test_a_server_without_queries_is_not_asked_again(client: Client, answers: Answers):
    watch, scene = watched(client)
    answers.by_path["query"] = 400
    watch.look(sample.at(130))
    watch.look(sample.at(140))
    assert [path for path, _, _ in answers.asked].count("query") == 1
    assert scene.run.incidents


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, NeedCredentials), (403, NeedCredentials), (503, RetryLater), (400, RejectInput)],
)
def test_errors_say_the_next_action(client: Client, answers: Answers, status, error):
    answers.by_path["slos"] = status
    with pytest.raises(error, match="says why"):
        client.slos()


def test_nobody_there_is_to_be_tried_again():
    with pytest.raises(RetryLater):
        Client("http://127.0.0.1:9", "ow_local").slos()


def test_a_decision_carries_its_own_token_and_the_plan(client: Client, answers: Answers):
    assert client.decide(APPROVAL, "approve", token="ow_you", reason="seen") == APPROVAL
    path, token, body = answers.asked[-1]
    assert (path, token) == ("approvals/apr-1", "Bearer ow_you")
    assert json.loads(body) == {"decision": "approve", "plan_hash": "h1", "reason": "seen"}
