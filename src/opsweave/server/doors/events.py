"""CloudEvents: structured, binary and batch. CDEvents are CloudEvents of a certain type."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import orjson

from opsweave.integrations.documents import load_json
from opsweave.kernel.errors import RejectInput
from opsweave.server.doors.table import (
    WRONG_TYPE,
    Case,
    Door,
    Incoming,
    Kept,
    Unsupported,
    common_cases,
)

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_JSON = "application/json"
_PREFIX = "ce-"
_MAX_HEADER = 4096


def _is_binary(incoming: Incoming) -> bool:
    return "ce-specversion" in incoming.headers or "ce-type" in incoming.headers


def _check(incoming: Incoming) -> None:
    if incoming.content_type not in (STRUCTURED, BATCH, _JSON) and not _is_binary(incoming):
        raise Unsupported(
            f"this door does not take {incoming.content_type[:80] or 'no content type'!r}",
            field="Content-Type",
            action=f"use {STRUCTURED}, {BATCH}, or the ce- headers of the binary mode",
        )


def _keep(door: str, incoming: Incoming) -> Kept:
    """Binary mode carries the event's id in headers: kept in structured form, body and all, so
    that two events with the same data are not taken for one."""
    if incoming.content_type in (STRUCTURED, BATCH) or not _is_binary(incoming):
        return Kept(door=door, content_type=incoming.content_type, body=incoming.body)
    document = _attributes(incoming.headers)
    if incoming.content_type:
        document["datacontenttype"] = incoming.content_type
    is_json = incoming.content_type == _JSON or incoming.content_type.endswith("+json")
    if is_json or not incoming.content_type:
        try:
            document["data"] = load_json(incoming.body)
            is_json = True
        except RejectInput:
            is_json = False
    if not is_json and incoming.body:
        document["data_base64"] = base64.b64encode(incoming.body).decode()
    return Kept(door=door, content_type=STRUCTURED, body=orjson.dumps(document))


def _attributes(headers: Mapping[str, str]) -> dict[str, Any]:
    """``ce-`` headers, percent-decoded as the HTTP binding says."""
    return {
        name[len(_PREFIX) :].lower(): unquote(value[:_MAX_HEADER])
        for name, value in headers.items()
        if name.lower().startswith(_PREFIX)
    }


DOORS = (
    Door(
        id="events",
        path="/events",
        says="CloudEvents and CDEvents: structured, binary, batch",
        check=_check,
        keep=_keep,
        cases=(
            *common_cases(
                success=Case(
                    name="good",
                    status=202,
                    kept=True,
                    outcome="stored",
                    says="every event is usable",
                ),
                undecodable=Case(
                    name="undecodable",
                    status=400,
                    kept=True,
                    outcome="refused",
                    says="no event of the body is a CloudEvent",
                ),
            ),
            Case(
                name="partly_bad",
                status=202,
                kept=True,
                outcome="stored",
                says="the good events of a batch are stored; the answer counts the rest",
            ),
            WRONG_TYPE,
        ),
    ),
)
