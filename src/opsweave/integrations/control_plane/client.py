"""HTTP to a control plane: every answer is a document or an error that names the next action."""

from __future__ import annotations

from typing import Any

import httpx

from opsweave.kernel.errors import NeedCredentials, RejectInput, RetryLater

_LATER = (408, 425, 429, 500, 502, 503, 504)
_MAX_AFTER_S = 30.0


class Client:
    """Short time-outs: a target that is slow must not hold up the loop."""

    def __init__(self, url: str, token: str, *, timeout_s: float, act_timeout_s: float) -> None:
        self._act_timeout_s = act_timeout_s
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=timeout_s,
            trust_env=False,
            follow_redirects=False,
        )

    def get(self, path: str) -> dict[str, Any]:
        """Raises RetryLater, NeedCredentials or RejectInput."""
        return self._send("GET", path, None, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises RetryLater, NeedCredentials or RejectInput."""
        return self._send("POST", path, body, None)

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises RetryLater (it may have been done), NeedCredentials or RejectInput."""
        return self._send("PUT", path, body, self._act_timeout_s)

    def close(self) -> None:
        self._http.close()

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, timeout_s: float | None
    ) -> dict[str, Any]:
        timeout = httpx.USE_CLIENT_DEFAULT if timeout_s is None else httpx.Timeout(timeout_s)
        try:
            answer = self._http.request(method, path, json=body, timeout=timeout)
        except httpx.HTTPError as error:
            says = f"the control plane does not answer ({type(error).__name__})"
            raise RetryLater(says, after_s=1.0) from error
        if answer.is_success:
            return _document(answer)
        raise _error(answer)


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise RetryLater("the control plane's answer is no JSON", after_s=1.0) from error
    if not isinstance(body, dict):
        raise RetryLater("the control plane's answer is no object", after_s=1.0)
    return body


def _error(answer: httpx.Response) -> RetryLater | NeedCredentials | RejectInput:
    status = answer.status_code
    if status in _LATER:
        return RetryLater(f"the control plane answers {status}", after_s=_after(answer))
    if status in (401, 403):
        return NeedCredentials(f"the control plane answers {status}: check its token file")
    says, field = _explained(answer)
    return RejectInput(f"the control plane answers {status}: {says}", field=field)


def _explained(answer: httpx.Response) -> tuple[str, str]:
    try:
        body = answer.json()
    except ValueError:
        return "no reason given", ""
    if not isinstance(body, dict):
        return "no reason given", ""
    return str(body.get("error", "no reason given"))[:300], str(body.get("field", ""))[:100]


def _after(answer: httpx.Response) -> float:
    try:
        seconds = float(answer.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0
    return min(max(seconds, 0.1), _MAX_AFTER_S)
