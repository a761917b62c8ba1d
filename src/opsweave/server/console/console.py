"""The console's part of the server, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opsweave.kernel.clock import Clock
from opsweave.pages import PageSpec
from opsweave.record.folder import DataFolder
from opsweave.server.auth import Auth, Principal, TokenStore
from opsweave.server.console import api_openapi, api_pages, api_session, find, live, static
from opsweave.server.console.hub import Hub
from opsweave.server.console.registry import Registry
from opsweave.server.console.session import Codes, Sessions, cookie_secret

MakeFinder = Callable[[Registry], find.Finder]


class Console:
    """Made once per server."""

    def __init__(self, folder: DataFolder, tokens: TokenStore, clock: Clock, hub: Hub) -> None:
        self._tokens, self._clock, self.hub = tokens, clock, hub
        self.sessions = Sessions(
            clock,
            folder.root / "sessions.json",
            valid=lambda token: tokens.principal(token) is not None,
        )
        self.codes = Codes(clock)
        self.auth = Auth(tokens, self._signed)
        """Takes a bearer token or the console's cookie."""

    def sign_in_path(self, token_id: str) -> str:
        """A link that signs in once, below the server's address."""
        return api_session.link_path(self.codes.issue(token_id)[0])

    def api(self, specs: Sequence[PageSpec], finder: MakeFinder) -> list[Any]:
        """Handlers below ``/api/v1``."""
        registry = Registry(specs)
        return [
            *api_session.handlers(self.auth, self._tokens, self.sessions, self.codes),
            *api_pages.handlers(registry, self._clock),
            *find.handlers(finder(registry)),
            *live.handlers(self.hub, self.auth),
            *api_openapi.handlers(),
        ]

    @staticmethod
    def files() -> list[Any]:
        """Handlers of everything that is not the API."""
        return list(static.handlers())

    def _signed(self, headers: Mapping[str, str]) -> Principal | None:
        session = self.sessions.get(cookie_secret(headers))
        return None if session is None else self._tokens.principal(session.token)
