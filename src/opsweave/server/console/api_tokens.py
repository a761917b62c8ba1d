"""``tokens``: who may send, read, approve, administer; made and revoked from the console, too."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.clock import MILLISECOND, Clock
from opsweave.kernel.errors import NotThere, RejectInput
from opsweave.record.state import StateStore
from opsweave.server.auth import Token, TokenStore

ADMIN = {"scope": "admin"}
LONGEST = 100


class TokenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``scopes``: ingest, read, approve, admin."""

    name: str
    scopes: tuple[str, ...]


class TokenTold(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_ms: float


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """``token`` is the secret: shown this once, kept nowhere."""

    token: str
    id: str
    name: str
    scopes: tuple[str, ...]


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What ``GET tokens`` answers."""

    items: tuple[TokenTold, ...]


def handlers(tokens: TokenStore, state: StateStore, clock: Clock) -> list[HTTPRouteHandler]:
    """List, make, revoke; the last two are noted in the audit trail."""

    def note(request: Request[Any, Any, Any], verb: str, id: str, says: str) -> None:
        by = request.state.principal.who
        state.audit(at_ns=clock.now_ns(), principal=by, verb=verb, object_=id, says=says)

    @get("/tokens", opt=ADMIN, sync_to_thread=True)
    def listed() -> Tokens:
        return Tokens(items=tuple(_told(token) for token in tokens.tokens()))

    @post("/tokens", opt=ADMIN, sync_to_thread=True)
    def made(data: TokenBody, request: Request[Any, Any, Any]) -> NewToken:
        name = data.name.strip()
        if not name or len(name) > LONGEST:
            raise RejectInput(
                f"must have between 1 and {LONGEST} characters",
                field="name",
                action="say who or what it is for",
            )
        secret, token = tokens.create_token(name=name, scopes=data.scopes)
        note(request, "token create", token.id, f"{name}: {', '.join(token.scopes)}")
        return NewToken(token=secret, id=token.id, name=token.name, scopes=token.scopes)

    @delete("/tokens/{id_:str}", opt=ADMIN, sync_to_thread=True)
    def revoked(id_: str, request: Request[Any, Any, Any]) -> None:
        if not tokens.revoke(id_):
            raise NotThere(f"no token {id_[:100]}", field="id", action="list the tokens")
        note(request, "token revoke", id_, "")

    return [listed, made, revoked]


def _told(token: Token) -> TokenTold:
    return TokenTold(
        id=token.id,
        name=token.name,
        scopes=tuple(token.scopes),
        created_ms=token.created_ns / MILLISECOND,
    )
