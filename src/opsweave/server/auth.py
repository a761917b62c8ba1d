"""Who may do what: tokens, kept hashed in one file, and the scopes they carry."""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from opsweave.kernel.clock import Clock, SystemClock
from opsweave.kernel.errors import NeedCredentials, RefusedByPolicy, RejectInput
from opsweave.kernel.ids import DEFAULT_TENANT, new_id

SECRET_PREFIX = "ow_"  # noqa: S105  # a prefix, so that scanners recognise a leaked token
_MAX_SECRET = 200


class Scope(StrEnum):
    """What a token may do. ``admin`` includes ``read``."""

    INGEST = "ingest"
    READ = "read"
    APPROVE = "approve"
    ADMIN = "admin"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a token: never its secret, only the secret's SHA-256."""

    id: str
    name: str
    sha256: str
    scopes: tuple[Scope, ...]
    created_ns: int
    tenant: str = DEFAULT_TENANT


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands behind a request."""

    id: str
    name: str
    scopes: frozenset[Scope]
    tenant: str = DEFAULT_TENANT

    @property
    def who(self) -> str:
        """As whom the record knows them, never nobody: the name, or the id of a nameless token."""
        return self.name.strip() or self.id

    def may(self, scope: Scope) -> bool:
        """Whether the scope is carried; ``admin`` includes ``read``."""
        return scope in self.scopes or (scope is Scope.READ and Scope.ADMIN in self.scopes)


def parse_scopes(names: Iterable[str]) -> tuple[Scope, ...]:
    """Scopes by name, without repetition. Raises RejectInput on an unknown or missing one.

    >>> parse_scopes(["read", "ingest", "read"])
    (<Scope.READ: 'read'>, <Scope.INGEST: 'ingest'>)
    """
    known = {scope.value: scope for scope in Scope}
    wanted = dict.fromkeys(names)
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise RejectInput(
            f"unknown scope {unknown[0]!r}" if unknown else "a token needs a scope",
            field="scope",
            action=f"choose from {', '.join(known)}",
        )
    return tuple(known[name] for name in wanted)


class TokenStore:
    """Tokens of one data folder; follows the file when another process changes it."""

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def create_token(
        self, *, name: str, scopes: Iterable[str], tenant: str = DEFAULT_TENANT
    ) -> tuple[str, Token]:
        """A new secret (shown once, kept nowhere) and its token. Raises RejectInput."""
        granted = parse_scopes(scopes)
        secret = SECRET_PREFIX + secrets.token_urlsafe(32)
        now = self._clock.now_ns()
        token = Token(
            id=new_id("tok", now),
            name=name,
            sha256=hashlib.sha256(secret.encode()).hexdigest(),
            scopes=granted,
            created_ns=now,
            tenant=tenant,
        )
        with self._writing():
            self._replace((*self._read(), token))
        return secret, token

    def revoke(self, token_id: str) -> bool:
        """Remove a token; False when there is none with this id."""
        with self._writing():
            kept = tuple(token for token in self._read() if token.id != token_id)
            found = len(kept) < len(self._read())
            if found:
                self._replace(kept)
        return found

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, as the file has them now."""
        with self._lock:
            stamp = self._file_stamp()
            if stamp != self._stamp:
                self._tokens, self._stamp = self._read(), stamp
            return self._tokens

    def lookup(self, secret: str) -> Principal | None:
        """The principal of a secret, in a time that does not depend on which token matches."""
        if not secret or len(secret) > _MAX_SECRET:
            return None
        digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
        found: Token | None = None
        for token in self.tokens():
            if hmac.compare_digest(token.sha256, digest):
                found = token
        return None if found is None else _principal(found)

    def principal(self, token_id: str) -> Principal | None:
        """Who a token stands for, while it is not revoked."""
        return next((_principal(one) for one in self.tokens() if one.id == token_id), None)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writers' lock, a file of its own because the token file is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(
            self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _replace(self, tokens: tuple[Token, ...]) -> None:
        data = msgspec.json.format(msgspec.json.encode({"version": 1, "tokens": tokens}), indent=1)
        fresh = self._path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _read(self) -> tuple[Token, ...]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        try:
            return msgspec.json.decode(data, type=_File).tokens
        except msgspec.MsgspecError as error:
            raise RejectInput(
                f"{self._path.name} is not a token file: {error}",
                action="restore it from a backup, or remove it and create new tokens",
            ) from error

    def _file_stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _principal(token: Token) -> Principal:
    return Principal(
        id=token.id, name=token.name, scopes=frozenset(token.scopes), tenant=token.tenant
    )


class _File(msgspec.Struct, frozen=True):
    version: int
    tokens: tuple[Token, ...]


def secret_of(headers: Mapping[str, str]) -> str:
    """The secret a request carries: a bearer token, or the password of basic credentials."""
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "bearer":
        return rest
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest, validate=True).decode()
        except (binascii.Error, ValueError):
            return ""
        return pair.partition(":")[2]
    return ""


Signed = Callable[[Mapping[str, str]], Principal | None]
"""From the headers ``Cookie`` and ``Host`` to who is signed in."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_HEADER = "x-opsweave"


class Auth:
    """Turns headers into a principal, or says why not."""

    def __init__(self, tokens: TokenStore, signed: Signed | None = None) -> None:
        self._tokens, self._signed = tokens, signed

    def principal(self, headers: Mapping[str, str], method: str = "GET") -> Principal:
        """Raises NeedCredentials (401) without a valid token or session, RefusedByPolicy (403) for
        a change by cookie that a foreign page could have sent."""
        secret = secret_of(headers)
        found = self._tokens.lookup(secret)
        if found is None and not secret and headers.get("cookie") and self._signed is not None:
            found = self._signed(headers)
            if found is not None and method not in SAFE:
                _from_our_own_page(headers)
        if found is None:
            raise NeedCredentials("send a valid token: Authorization: Bearer ow_...")
        return found

    def require(self, headers: Mapping[str, str], scope: Scope, method: str = "GET") -> Principal:
        """As :meth:`principal`, and RefusedByPolicy (403) when the scope is missing."""
        principal = self.principal(headers, method)
        if not principal.may(scope):
            raise RefusedByPolicy(
                f"token {principal.who} lacks the scope {scope.value}",
                reasons=(f"scope:{scope.value}",),
            )
        return principal


def _from_our_own_page(headers: Mapping[str, str]) -> None:
    """A browser sends a cookie for whoever asks: only our own pages can set our header.

    That an Origin is one of ours was checked before anything else (:mod:`server.origin`).
    """
    if not headers.get("origin") or headers.get(OWN_HEADER) != "1":
        raise RefusedByPolicy(
            f"a change by cookie needs an Origin and the header {OWN_HEADER}: 1",
            reasons=("Origin", OWN_HEADER),
        )


Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]


def guard(scope: Scope) -> Guard:
    """A Litestar guard: needs the scope, and leaves the principal in ``request.state``."""

    def check(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        auth: Auth = connection.app.state.auth
        method = str(connection.scope.get("method", "GET"))
        connection.state.principal = auth.require(connection.headers, scope, method)

    return check
