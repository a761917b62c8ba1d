"""OTLP/HTTP: metrics, traces and logs, protobuf or JSON, answered in the same encoding."""

from __future__ import annotations

import msgspec

from opsweave.integrations.contract import Parsed
from opsweave.server.doors.table import WRONG_TYPE, Answer, Case, Door, Incoming, common_cases
from opsweave.server.problems import Problem

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
_INVALID_ARGUMENT = 3
_CODES = {400: 3, 401: 16, 403: 7, 408: 4, 413: 3, 415: 3, 429: 8, 503: 14}
"""google.rpc.Code by HTTP status."""


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(field: int, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return bytes([field << 3 | 2]) + _varint(len(data)) + data


def status_bytes(code: int, message: str) -> bytes:
    """A ``google.rpc.Status`` on the wire: code = 1, message = 2."""
    return b"\x08" + _varint(code) + _text(2, message)


def partial_success_bytes(rejected: int, message: str) -> bytes:
    """An ``Export*ServiceResponse`` on the wire; the three have the same shape."""
    inner = b"\x08" + _varint(rejected) + _text(2, message)
    return b"\x0a" + _varint(len(inner)) + inner


def _answer(rejected_name: str, parsed: Parsed | None, incoming: Incoming) -> Answer:
    json = incoming.content_type == JSON
    n = parsed.rejected.n if parsed is not None else 0
    if not n or parsed is None:
        return Answer(status=200, body=b"{}" if json else b"", content_type=incoming.content_type)
    says = "; ".join(parsed.rejected.reasons)
    if json:
        partial = {"partialSuccess": {rejected_name: str(n), "errorMessage": says}}
        return Answer(status=200, body=msgspec.json.encode(partial), content_type=JSON)
    return Answer(status=200, body=partial_success_bytes(n, says), content_type=PROTOBUF)


def _refuse(problem: Problem, content_type: str) -> Answer:
    code = _CODES.get(problem.status, _INVALID_ARGUMENT)
    if content_type == PROTOBUF:
        says = problem.error if not problem.action else f"{problem.error}: {problem.action}"
        body = status_bytes(code, says)
    else:
        body = msgspec.json.encode({"code": code, "message": problem.error, **problem.body()})
    return Answer(
        status=problem.status,
        body=body,
        content_type=PROTOBUF if content_type == PROTOBUF else JSON,
        headers=problem.headers(),
    )


_CASES = (
    *common_cases(
        success=Case(
            name="good", status=200, kept=True, outcome="stored", says="every item is usable"
        ),
        undecodable=Case(
            name="undecodable",
            status=400,
            kept=True,
            outcome="refused",
            says="the body is no OTLP message; the answer is a google.rpc.Status",
        ),
    ),
    Case(
        name="partly_bad",
        status=200,
        kept=True,
        outcome="stored",
        says="the good items are stored; partial_success counts the rest and says why",
    ),
    WRONG_TYPE,
)


def _door(signal: str, rejected_name: str) -> Door:
    return Door(
        id=f"otlp_{signal}",
        path=f"/v1/{signal}",
        says=f"OTLP/HTTP {signal}, protobuf or JSON",
        accepts=(PROTOBUF, JSON),
        answer=lambda parsed, incoming, seq: _answer(rejected_name, parsed, incoming),
        refuse=_refuse,
        cases=_CASES,
    )


DOORS = (
    _door("metrics", "rejectedDataPoints"),
    _door("traces", "rejectedSpans"),
    _door("logs", "rejectedLogRecords"),
)
