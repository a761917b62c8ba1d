"""Host and Origin checks: a page in a browser must not reach a loopback server by rebinding."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from litestar.datastructures import Headers
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from opsweave.kernel.errors import RefusedByPolicy

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def host_of(authority: str) -> str:
    """The name in ``name:port``, lower case, without brackets.

    >>> host_of("[::1]:8080"), host_of("LocalHost:80"), host_of("a.example")
    ('::1', 'localhost', 'a.example')
    """
    text = authority.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if text.count(":") == 1 else text


def origin_host(origin: str) -> str:
    """The host of an ``Origin`` header; empty for ``null`` and whatever is no URL."""
    scheme, found, rest = origin.strip().partition("://")
    return host_of(rest) if found and scheme in ("http", "https") else ""


class Hosts:
    """Names under which this server may be addressed: loopback, and what was configured."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = LOOPBACK_NAMES | {name.lower() for name in allowed}

    def host_ok(self, host: str) -> bool:
        """True for an allowed name, and for any loopback address."""
        name = host_of(host)
        if name in self._allowed:
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    def origin_ok(self, origin: str) -> bool:
        """True without an origin (no browser), or with one that is an allowed host."""
        return not origin or self.host_ok(origin_host(origin))


class CheckHosts(ASGIMiddleware):
    """Refuses a foreign Host or Origin before anything else looks at the request."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = Headers.from_scope(scope)
        if not self._hosts.host_ok(headers.get("host", "")):
            raise RefusedByPolicy("this Host is not served here", reasons=("Host",))
        if not self._hosts.origin_ok(headers.get("origin", "")):
            raise RefusedByPolicy("this Origin is not served here", reasons=("Origin",))
        await next_app(scope, receive, send)
