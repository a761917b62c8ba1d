"""Signing in to the console and out: ``session``, ``session/codes``."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.clock import MILLISECOND
from opsweave.kernel.errors import NeedCredentials, RefusedByPolicy, RejectInput
from opsweave.server.api import ANYONE
from opsweave.server.auth import Auth, Principal, Scope, TokenStore
from opsweave.server.console.session import (
    SESSION_S,
    Codes,
    Sessions,
    cookie_name,
    cookie_secret,
)

_NO_STORE = {"cache-control": "no-store"}


class SignInBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of both: a token's secret, or the code of a sign-in link."""

    token: str = ""
    once: str = ""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and what they may do."""

    name: str
    scopes: tuple[str, ...]
    expires_ms: float | None = None
    """When the session ends; None for a bearer token."""


class SignInCode(msgspec.Struct, frozen=True, kw_only=True):
    """A link that signs in once: ``path`` below the server's address."""

    code: str
    path: str
    expires_ms: float


def handlers(
    auth: Auth, tokens: TokenStore, sessions: Sessions, codes: Codes
) -> list[HTTPRouteHandler]:
    """The verbs; signing in needs no scope, a code carries the rights of who asks for it."""

    @post("/session", opt=ANYONE, sync_to_thread=True, status_code=200)
    def sign_in(data: SignInBody, request: Request[Any, Any, Any]) -> Response[SignedIn]:
        _no_foreign_form(request)
        principal = _who(data, tokens, codes)
        if not principal.may(Scope.READ):
            raise RefusedByPolicy(
                "this token cannot read: use one with the scope read or admin",
                reasons=("scope:read",),
            )
        secret, session = sessions.begin(principal.id)
        cookie = Cookie(
            key=cookie_name(request.headers.get("host", "")),
            value=secret,
            max_age=SESSION_S,
            path="/",
            httponly=True,
            samesite="strict",
            secure=_over_tls(request),
        )
        body = _told(principal, session.until_ns)
        return Response(body, cookies=[cookie], headers=_NO_STORE)

    @get("/session", opt=ANYONE, sync_to_thread=False)
    def session(request: Request[Any, Any, Any]) -> Response[SignedIn]:
        principal = auth.principal(request.headers)
        kept = sessions.get(cookie_secret(request.headers))
        mine = kept if kept is not None and kept.token == principal.id else None
        return Response(_told(principal, mine.until_ns if mine else None), headers=_NO_STORE)

    @delete("/session", opt=ANYONE, sync_to_thread=True)
    def sign_out(request: Request[Any, Any, Any]) -> Response[None]:
        auth.principal(request.headers, method="DELETE")
        sessions.end(cookie_secret(request.headers))
        name = cookie_name(request.headers.get("host", ""))
        gone = Cookie(key=name, value="", max_age=0, path="/", httponly=True, samesite="strict")
        return Response(None, cookies=[gone], headers=_NO_STORE)

    @post("/session/codes", opt={"scope": "read"}, sync_to_thread=False, status_code=201)
    def code(request: Request[Any, Any, Any]) -> Response[SignInCode]:
        made, until = codes.issue(request.state.principal.id)
        told = SignInCode(code=made, path=link_path(made), expires_ms=until / MILLISECOND)
        return Response(told, headers=_NO_STORE)

    return [sign_in, session, sign_out, code]


def link_path(code: str) -> str:
    """Where the console redeems a code."""
    return f"/signin?once={code}"


def _no_foreign_form(request: Request[Any, Any, Any]) -> None:
    """A foreign page can have a browser send text or a form, and so sign somebody in as another;
    JSON it must ask leave for, which nobody gets. Raises RejectInput."""
    if request.content_type[0] != "application/json":
        raise RejectInput(
            "must be application/json", field="content-type", action="send the body as JSON"
        )


def _who(data: SignInBody, tokens: TokenStore, codes: Codes) -> Principal:
    """Raises NeedCredentials."""
    if data.once:
        token = codes.redeem(data.once)
        principal = tokens.principal(token) if token else None
        if principal is None:
            raise NeedCredentials(
                "this link was used before or is older than ten minutes: make a new one"
            )
        return principal
    principal = tokens.lookup(data.token.strip())
    if principal is None:
        raise NeedCredentials("no token has this secret: check that all of it was pasted")
    return principal


def _told(principal: Principal, until_ns: int | None) -> SignedIn:
    return SignedIn(
        name=principal.who,
        scopes=tuple(sorted(scope.value for scope in principal.scopes)),
        expires_ms=None if until_ns is None else until_ns / MILLISECOND,
    )


def _over_tls(request: Request[Any, Any, Any]) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us; it can only add a limit."""
    proxied = request.headers.get("x-forwarded-proto", "")
    origin = request.headers.get("origin", "")
    return "https" in (request.url.scheme, proxied) or origin.startswith("https://")
