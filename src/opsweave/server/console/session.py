"""Who is signed in to the console, by cookie; and codes that sign in once."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from opsweave.kernel.clock import SECOND, Clock
from opsweave.kernel.errors import RetryLater
from opsweave.record.folder import write_private

COOKIE = "ow_session"
SESSION_S = 7 * 86_400
CODE_S = 600
MOST_SESSIONS = 1_000
SESSIONS_EACH = 20
"""Of one token; a further one ends its oldest, never that of another token."""
MOST_CODES = 100
CODES_EACH = 5
_LONGEST = 200


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a session: the hash of its secret, and the token that it stands for."""

    sha256: str
    token: str
    """The token's id: when it is revoked, its sessions end."""
    until_ns: int


class Sessions:
    """Sessions of one server; with a path they outlive it. ``valid``: whether a token is so."""

    def __init__(
        self, clock: Clock, path: Path | None = None, valid: Callable[[str], bool] = bool
    ) -> None:
        self._clock, self._path, self._valid = clock, path, valid
        self._lock = threading.Lock()
        self._kept = {session.sha256: session for session in _read(path)}

    def begin(self, token: str) -> tuple[str, Session]:
        """The secret of a new session (kept nowhere) and the session. Raises RetryLater when
        there are too many of all tokens."""
        secret = secrets.token_urlsafe(32)
        until = self._clock.now_ns() + SESSION_S * SECOND
        session = Session(sha256=_hash(secret), token=token, until_ns=until)
        with self._lock:
            live = self._live()
            mine = [one for one in live if one.token == token]
            gone = {one.sha256 for one in mine[: max(0, len(mine) - SESSIONS_EACH + 1)]}
            live = [one for one in live if one.sha256 not in gone]
            if len(live) >= MOST_SESSIONS:
                raise RetryLater("too many are signed in", after_s=60.0)
            self._save([*live, session])
        return secret, session

    def get(self, secret: str) -> Session | None:
        """The session of a secret while it lasts."""
        session = self._kept.get(_hash(secret)) if 0 < len(secret) <= _LONGEST else None
        if session is None or session.until_ns <= self._clock.now_ns():
            return None
        return session

    def end(self, secret: str) -> None:
        """Sign out; nothing happens when it is not there."""
        with self._lock:
            if self._kept.pop(_hash(secret[:_LONGEST]), None) is not None:
                self._save(self._live())

    def _live(self) -> list[Session]:
        """The oldest first."""
        now = self._clock.now_ns()
        valid = {token: self._valid(token) for token in {s.token for s in self._kept.values()}}
        live = (one for one in self._kept.values() if one.until_ns > now and valid[one.token])
        return sorted(live, key=lambda one: one.until_ns)

    def _save(self, live: list[Session]) -> None:
        self._kept = {one.sha256: one for one in live}
        if self._path is not None:
            write_private(self._path, msgspec.json.encode(live))


class Codes:
    """Codes of sign-in links: each works once and for ten minutes; only hashes are held."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, int]] = {}

    def issue(self, token: str) -> tuple[str, int]:
        """A code that signs in with the rights of the token, and until when (ns). Its oldest code
        ends when it has too many; raises RetryLater when all tokens together have."""
        code, now = secrets.token_urlsafe(24), self._clock.now_ns()
        until = now + CODE_S * SECOND
        with self._lock:
            held = {key: one for key, one in self._held.items() if one[1] > now}
            mine = [key for key, one in held.items() if one[0] == token]
            for key in mine[: max(0, len(mine) - CODES_EACH + 1)]:
                del held[key]
            if len(held) >= MOST_CODES:
                raise RetryLater("too many sign-in links wait to be used", after_s=60.0)
            self._held = {**held, _hash(code): (token, until)}
        return code, until

    def redeem(self, code: str) -> str | None:
        """The token's id, once; None for a code that is unknown, used or too old."""
        if not 0 < len(code) <= _LONGEST:
            return None
        with self._lock:
            token, until = self._held.pop(_hash(code), ("", 0))
        return token if until > self._clock.now_ns() else None


def cookie_name(host: str) -> str:
    """The session's cookie at a ``Host``. Cookies do not know ports: two servers on one machine
    would sign each other out, had they one name.

    >>> cookie_name("localhost:7100"), cookie_name("[::1]:80"), cookie_name("[::1]")
    ('ow_session_7100', 'ow_session_80', 'ow_session')
    """
    _, colon, port = host.strip().rpartition(":")
    return f"{COOKIE}_{port}" if colon and port.isascii() and port.isdigit() else COOKIE


def cookie_secret(headers: Mapping[str, str]) -> str:
    """The session's secret in the headers ``Cookie`` and ``Host``.

    >>> cookie_secret({"cookie": "a=1; ow_session_80=xyz; ow_session=b", "host": "localhost:80"})
    'xyz'
    """
    wanted = cookie_name(headers.get("host", ""))
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return ""


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path | None) -> list[Session]:
    """What a file holds; a damaged one signs everybody out, nothing worse."""
    if path is None:
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Session])
    except (FileNotFoundError, msgspec.MsgspecError):
        return []
