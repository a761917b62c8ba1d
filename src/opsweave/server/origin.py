"""Host and Origin checks: a page in a browser must not reach a loopback server by rebinding."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from litestar.datastructures import Headers
from litestar.middleware import AbstractMiddleware
from litestar.types import Receive, Scope, Send

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


def hosts_middleware(hosts: Hosts) -> type[AbstractMiddleware]:
    """A Litestar middleware that answers 403 to a foreign Host or Origin."""

    class CheckHosts(AbstractMiddleware):
        """Refuses before anything else looks at the request."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            headers = Headers.from_scope(scope)
            host, origin = headers.get("host", ""), headers.get("origin", "")
            if hosts.host_ok(host) and hosts.origin_ok(origin):
                await self.app(scope, receive, send)
                return
            field = "Host" if not hosts.host_ok(host) else "Origin"
            raise RefusedByPolicy(f"this {field} is not served here", reasons=(f"header:{field}",))

    return CheckHosts
