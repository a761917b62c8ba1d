"""A door as data: its path, what it accepts, and its status by case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from opsweave.integrations.contract import Parsed
from opsweave.kernel.errors import RejectInput
from opsweave.server.problems import Problem


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a door's table."""

    name: str
    status: int
    kept: bool
    """Whether the body is in the ledger afterwards."""
    outcome: str = ""
    """The ledger's outcome of a kept body."""
    says: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back over HTTP."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = {}


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose body is whole and decompressed."""

    content_type: str
    """Media type, lower case, without parameters."""
    body: bytes
    headers: Mapping[str, str]
    path: Mapping[str, Any] = {}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into the ledger."""

    door: str
    content_type: str
    body: bytes
    headers: dict[str, str] = {}


class TooLarge(RejectInput):
    """A limit on size is exceeded: 413."""


class Unsupported(RejectInput):
    """A content type or encoding that this door does not know: 415."""


class Overloaded(RejectInput):
    """More is in flight than the doors bear: 429."""


class TooSlow(RejectInput):
    """The body did not arrive in time: 408."""


class Undecodable(RejectInput):
    """The content encoding is damaged; the body is kept as it was sent: 400."""


def keep_as_sent(door: str, incoming: Incoming) -> Kept:
    """The body as it is."""
    return Kept(door=door, content_type=incoming.content_type, body=incoming.body)


def accepted(parsed: Parsed | None, incoming: Incoming, seq: int) -> Answer:
    """202 with the record's sequence number in the ledger."""
    rejected = parsed.rejected if parsed is not None else None
    body: dict[str, Any] = {"accepted": True, "seq": seq}
    if rejected is not None and rejected.n:
        body |= {"rejected": rejected.n, "reasons": rejected.reasons}
    return Answer(status=202, body=msgspec.json.encode(body))


def json_problem(problem: Problem, content_type: str) -> Answer:
    """``{"error", "field", "action"}``."""
    return Answer(
        status=problem.status,
        body=msgspec.json.encode(problem.body()),
        headers=problem.headers(),
    )


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One way in. Everything in which doors differ."""

    id: str
    """The ledger's name of the door; integrations name it in their manifest."""
    path: str
    says: str
    accepts: tuple[str, ...] = ()
    """Media types; empty: any."""
    encodings: tuple[str, ...] = ("identity", "gzip", "deflate", "zstd")
    must_encode: bool = False
    """True when a body without a content encoding is refused (remote write)."""
    decodes: bool = True
    """Parse before the answer; what cannot be parsed is kept, counted as refused, and 400.
    False: answer once it is on disk; what cannot be parsed becomes a generic event."""
    check: Callable[[Incoming], None] | None = None
    """Raises Unsupported for what ``accepts`` cannot express."""
    keep: Callable[[str, Incoming], Kept] = keep_as_sent
    answer: Callable[[Parsed | None, Incoming, int], Answer] = accepted
    refuse: Callable[[Problem, str], Answer] = json_problem
    cases: tuple[Case, ...] = ()


def common_cases(*, success: Case, undecodable: Case | None) -> tuple[Case, ...]:
    """The rows that every door has, with the two in which they differ."""
    rows = [
        success,
        Case(
            name="duplicate",
            status=success.status,
            kept=True,
            outcome="deduplicated",
            says="the same body from the same token within a day",
        ),
    ]
    if undecodable is not None:
        rows.append(undecodable)
    rows += [
        Case(
            name="damaged_encoding",
            status=400,
            kept=True,
            outcome="refused",
            says="the content encoding is damaged or truncated; kept as it was sent",
        ),
        Case(name="no_token", status=401, kept=False, says="no valid token"),
        Case(name="no_scope", status=403, kept=False, says="a token without the scope ingest"),
        Case(
            name="foreign_host",
            status=403,
            kept=False,
            says="a Host or Origin that is neither loopback nor configured",
        ),
        Case(name="wrong_method", status=405, kept=False, says="any method but POST"),
        Case(name="too_slow", status=408, kept=False, says="the body took longer than 30 s"),
        Case(
            name="too_large",
            status=413,
            kept=False,
            says="over 16 MiB as sent, or over 32 MiB decompressed",
        ),
        Case(name="unknown_encoding", status=415, kept=False, says="unknown Content-Encoding"),
        Case(
            name="overload",
            status=429,
            kept=False,
            says="too many requests or bytes in flight; Retry-After says when to come back",
        ),
        Case(
            name="disk_full",
            status=503,
            kept=False,
            says="the ledger cannot write; Retry-After says when to come back",
        ),
    ]
    return tuple(rows)


WRONG_TYPE = Case(
    name="unknown_type", status=415, kept=False, says="a Content-Type that is not accepted"
)
