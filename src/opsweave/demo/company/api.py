"""The control plane's HTTP API, as docs/architecture.md states it."""

from __future__ import annotations

import hmac
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec

from opsweave.demo.company.actions.plan import OPERATOR
from opsweave.demo.company.effects import Effects, KeyTaken, UnknownTarget
from opsweave.demo.company.journal import Entry
from opsweave.kernel.errors import NeedCredentials, RejectInput, RetryLater

Body = TypeVar("Body")
MOST_BYTES = 1 << 20
PREFIX = "/v1/"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Body of a dry run or of an effect; ``author`` is heard from developers only."""

    action: str = ""
    target: str = ""
    arguments: dict[str, Any] = {}
    author: str = ""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Body of a commit."""

    files: dict[str, str]
    message: str
    author: str


class ControlPlane(ThreadingHTTPServer):
    """Answers 503 until the company runs."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, operator: str, developer: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.tokens = {"operator": operator, "developer": developer}
        self.effects: Effects | None = None

    def ready(self) -> Effects:
        """The verbs. Raises RetryLater while the company starts."""
        if self.effects is None:
            raise RetryLater("the company is starting", after_s=2)
        return self.effects


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ControlPlane

    def _serve(self) -> None:
        length = self.headers.get("content-length") or "0"
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._answer(413, {"error": "the body is too large"})
            return
        raw = self.rfile.read(int(length))
        try:
            who = self._who()
            status, body = self._route(self.server.ready(), who, raw)
        except NeedCredentials as error:
            status, body = 401, {"error": str(error)}
        except RejectInput as error:
            status, body = 400, {"error": error.says, "field": error.field}
        except UnknownTarget as error:
            status, body = 404, {"error": str(error)}
        except KeyTaken as error:
            status, body = 409, {"error": str(error)}
        except RetryLater as error:
            status, body = 503, {"error": str(error)}
        self._answer(status, body)

    def _who(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        for who, known in self.server.tokens.items():
            if scheme == "Bearer" and hmac.compare_digest(token.encode(), known.encode()):
                return who
        raise NeedCredentials("a token is needed")

    def _route(self, effects: Effects, who: str, raw: bytes) -> tuple[int, Any]:
        path = unquote(self.path.partition("?")[0])
        if not path.startswith(PREFIX):
            raise UnknownTarget("there is no such page")
        kind, _, rest = path.removeprefix(PREFIX).partition("/")
        match (self.command, kind):
            case ("GET", "targets"):
                return 200, {"targets": effects.targets()}
            case ("POST", "actions") if rest.endswith(":dry-run"):
                return 200, self._dry_run(effects, rest.removesuffix(":dry-run"), raw)
            case ("PUT", "effects") if rest:
                return self._effect(effects, who, rest, raw)
            case ("GET", "effects") if rest:
                found = effects.find(rest)
                return 200, {"key": rest, "state": "absent"} if found is None else shown(found)
            case ("POST", "commits") if who == "developer":
                return 200, self._commit(effects, raw)
        raise UnknownTarget("there is no such page")

    def _dry_run(self, effects: Effects, action: str, raw: bytes) -> dict[str, Any]:
        wish = decode(raw, Wish)
        plan = effects.dry_run(action, wish.target, wish.arguments)
        return {
            "says": plan.says,
            "before": plan.before,
            "after": plan.after,
            "entities": list(plan.entities),
            "diff": plan.diff,
        }

    def _effect(self, effects: Effects, who: str, key: str, raw: bytes) -> tuple[int, Any]:
        wish = decode(raw, Wish)
        author = wish.author if who == "developer" and wish.author else OPERATOR
        return 200, shown(effects.put(key, wish.action, wish.target, wish.arguments, author))

    def _commit(self, effects: Effects, raw: bytes) -> dict[str, str]:
        work = decode(raw, Work)
        return {"sha": effects.commit_files(work.files, work.message, work.author)}

    def _answer(self, status: int, body: Any) -> None:
        data = msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if status == 503:
            self.send_header("retry-after", "2")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the names http.server asks for

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionResetError, BrokenPipeError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the journal tells what was done."""


def decode(raw: bytes, type_: type[Body]) -> Body:
    """The body. Raises RejectInput."""
    try:
        return msgspec.json.decode(raw, type=type_)
    except msgspec.DecodeError as error:
        raise RejectInput(str(error), field="body") from error


def shown(entry: Entry) -> dict[str, Any]:
    """An effect as the API answers it."""
    return {
        "key": entry.key,
        "state": entry.state,
        "says": entry.says,
        "before": entry.before,
        "after": entry.after,
        "change": entry.change,
    }
