"""Opsweave's HTTP API as the demo uses it: the one way in which it learns what Opsweave thinks."""

from __future__ import annotations

from typing import Any, TypeVar

import httpx
import msgspec

from opsweave.facts import Alert, Approval, Change, Incident, Run
from opsweave.kernel.clock import iso
from opsweave.kernel.errors import NeedCredentials, RejectInput, RetryLater
from opsweave.practices.devops.deployments import Deployment, DeploymentFigures
from opsweave.practices.sre.service import SloState

T = TypeVar("T")
TIMEOUT_S = 5.0
MOST = 1000


class Deployments(msgspec.Struct, frozen=True, kw_only=True):
    """Deployment records, newest first, and the figures over them."""

    items: tuple[Deployment, ...] = ()
    figures: DeploymentFigures | None = None


class Client:
    """Typed calls. Each raises RetryLater when the server cannot be reached or is overloaded."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._token = url.rstrip("/"), token
        self._http = httpx.Client(base_url=f"{self.url}/api/v1", timeout=TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        """Give up the connections."""
        self._http.close()

    def incidents(self, since_ns: int) -> list[Incident]:
        """Newest first."""
        return self._list("incidents", Incident, since_ns)

    def alerts(self, since_ns: int) -> list[Alert]:
        """Episodes, newest first."""
        return self._list("alerts", Alert, since_ns)

    def changes(self, since_ns: int) -> list[Change]:
        """Newest first."""
        return self._list("changes", Change, since_ns)

    def runs(self, since_ns: int) -> list[Run]:
        """Newest first."""
        return self._list("runs", Run, since_ns)

    def waiting(self) -> list[Approval]:
        """Approvals that somebody should decide."""
        answer = self._call("GET", "approvals", params={"status": "waiting", "limit": MOST})
        return msgspec.convert(answer["items"], list[Approval])

    def decide(self, approval: Approval, decision: str, *, token: str, reason: str) -> Approval:
        """Answer as the token's principal; RejectInput when it can no longer be decided."""
        body = {"decision": decision, "plan_hash": approval.plan_hash, "reason": reason}
        answer = self._call("POST", f"approvals/{approval.id}", json=body, token=token)
        return msgspec.convert(answer, Approval)

    def slos(self) -> list[SloState]:
        """Objectives with their budgets."""
        return msgspec.convert(self._call("GET", "slos")["items"], list[SloState])

    def deployments(self) -> Deployments:
        """Records and figures."""
        return msgspec.convert(self._call("GET", "deployments"), Deployments)

    def status(self) -> dict[str, Any]:
        """What the server says of itself."""
        return self._call("GET", "status")

    def sign_in_path(self) -> str:
        """Of a link to the console that works once."""
        return str(self._call("POST", "session/codes")["path"])

    def query(self, sql: str) -> dict[str, Any]:
        """Rows of the record."""
        return self._call("POST", "query", json={"sql": sql})

    def _list(self, path: str, type_: type[T], since_ns: int) -> list[T]:
        answer = self._call("GET", path, params={"since": iso(since_ns), "limit": MOST})
        return msgspec.convert(answer["items"], list[type_])  # type: ignore[valid-type]

    def _call(self, verb: str, path: str, *, token: str = "", **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token or self._token}"}
        try:
            response = self._http.request(verb, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise RetryLater(f"{verb} {path}: {type(error).__name__}: {error}") from error
        if response.status_code in (401, 403):
            raise NeedCredentials(f"{verb} {path}: {_says(response)}")
        if response.status_code in (429, 503):
            raise RetryLater(f"{verb} {path}: {_says(response)}")
        if response.is_error:
            raise RejectInput(_says(response), field=path)
        body: dict[str, Any] = msgspec.json.decode(response.content)
        return body


def _says(response: httpx.Response) -> str:
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return f"{response.status_code}"
    return str(body.get("error", response.status_code)) if isinstance(body, dict) else str(body)
