"""Who is signed in to the console, by cookie; and codes that sign in once."""

from __future__ import annotations

import hashlib
import secrets
import threading
from pathlib import Path

import msgspec

from opsweave.kernel.clock import SECOND, Clock
from opsweave.record.folder import write_private

COOKIE = "ow_session"
SESSION_S = 7 * 86_400
CODE_S = 600
MOST_SESSIONS = 1_000
MOST_CODES = 100
_LONGEST = 200


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a session: the hash of its secret, and the token that it stands for."""

    sha256: str
    token: str
    """The token's id: when it is revoked, its sessions end."""
    until_ns: int


class Sessions:
    """Sessions of one server; with a path they outlive it. The oldest go first."""

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        self._clock, self._path = clock, path
        self._lock = threading.Lock()
        self._kept = {session.sha256: session for session in _read(path)}

    def begin(self, token: str) -> tuple[str, Session]:
        """The secret of a new session (kept nowhere) and the session."""
        secret = secrets.token_urlsafe(32)
        until = self._clock.now_ns() + SESSION_S * SECOND
        session = Session(sha256=_hash(secret), token=token, until_ns=until)
        with self._lock:
            self._kept[session.sha256] = session
            self._save()
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
                self._save()

    def _save(self) -> None:
        now = self._clock.now_ns()
        live = sorted(
            (one for one in self._kept.values() if one.until_ns > now), key=lambda s: s.until_ns
        )[-MOST_SESSIONS:]
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
        """A code that signs in with the rights of the token, and until when (ns)."""
        code = secrets.token_urlsafe(24)
        until = self._clock.now_ns() + CODE_S * SECOND
        with self._lock:
            self._held[_hash(code)] = (token, until)
            while len(self._held) > MOST_CODES:
                del self._held[next(iter(self._held))]
        return code, until

    def redeem(self, code: str) -> str | None:
        """The token's id, once; None for a code that is unknown, used or too old."""
        if not 0 < len(code) <= _LONGEST:
            return None
        with self._lock:
            token, until = self._held.pop(_hash(code), ("", 0))
        return token if until > self._clock.now_ns() else None


def cookie_secret(header: str) -> str:
    """The session's secret in a ``Cookie`` header.

    >>> cookie_secret("a=1; ow_session=xyz; b=2")
    'xyz'
    """
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
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
