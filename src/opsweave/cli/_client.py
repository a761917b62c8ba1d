"""How a command reaches the record: the running server, or the stores when none runs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from opsweave.cli._common import note
from opsweave.kernel.errors import (
    NeedCredentials,
    OpsweaveError,
    RefusedByPolicy,
    RejectInput,
    RetryLater,
)

TIMEOUT_S = 60.0


class Client(Protocol):
    """The HTTP API, wherever it is."""

    def get(self, path: str, **parameters: Any) -> Any: ...
    def post(self, path: str, body: dict[str, Any]) -> Any: ...


@contextlib.contextmanager
def connected(data: Path) -> Iterator[Client]:
    """A client of the server that owns ``data``; without one, of the stores themselves."""
    from opsweave.record.folder import DataFolder

    if not data.expanduser().is_dir():
        raise RejectInput(
            f"there is no data folder {data}",
            field="--data",
            action="name the folder of opsweave up, or start one",
        )
    folder = DataFolder(data)
    server = folder.server()
    if server is not None:
        yield _Remote(server.url, folder.local_token)
    elif folder.owned():
        raise RetryLater("the server is starting or stopping: try again in a moment")
    else:
        from opsweave.cli._offline import offline

        note(f"no server runs on {folder.root}: asking the stores themselves")
        with offline(folder) as client:
            yield client


class _Remote:
    """Over HTTP, with the token of the folder's owner."""

    def __init__(self, url: str, token: Path) -> None:
        self._url = url
        try:
            self._token = token.read_text("ascii").strip()
        except OSError as error:
            raise NeedCredentials(f"{token} cannot be read: {error.strerror}") from error

    def get(self, path: str, **parameters: Any) -> Any:
        return self._ask("GET", path, parameters, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, {}, body)

    def _ask(self, method: str, path: str, parameters: dict[str, Any], body: Any) -> Any:
        import urllib.error
        import urllib.request

        request = urllib.request.Request(  # noqa: S310  # the URL is our own server.json's
            f"{self._url}{target(path, parameters)}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "authorization": f"Bearer {self._token}",
                "content-type": "application/json",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise refusal(error.code, error.read()) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise RetryLater(f"the server at {self._url} does not answer: {error}") from error


def target(path: str, parameters: dict[str, Any]) -> str:
    """The path below the API with its query."""
    from urllib.parse import quote, urlencode

    given = {name: value for name, value in parameters.items() if value is not None}
    query = f"?{urlencode(given)}" if given else ""
    return f"/api/v1/{quote(path)}{query}"


def refusal(status: int, body: bytes) -> OpsweaveError:
    """The error that an answer stands for."""
    try:
        found = json.loads(body)
        says, field, action = found["error"], found.get("field", ""), found.get("action", "")
    except (ValueError, KeyError, TypeError):
        says, field, action = f"the server answered {status}", "", ""
    if status == 401:
        return NeedCredentials(says)
    if status in (403, 409):
        return RefusedByPolicy(says)
    if status in (429, 503):
        return RetryLater(f"{says} ({action})" if action else says)
    if status >= 500:
        return OpsweaveError(f"{says} ({action})" if action else says)
    return RejectInput(says, field=field, action=action)
