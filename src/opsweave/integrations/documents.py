"""JSON bodies, bounded in depth so that whatever is read can also be written, and in values."""

from __future__ import annotations

from typing import Any

import orjson

from opsweave.kernel.errors import RejectInput

MAX_VALUES = 3_000_000
"""A decoded value takes up to fifty times its text; telemetry has a value per ten bytes."""


def check_values(body: bytes) -> None:
    """Raises RejectInput for a body of more values than memory should hold. Commas in texts count
    as well: cheap to ask before anything is decoded."""
    if len(body) > MAX_VALUES and sum(map(body.count, (b",", b"{", b"["))) > MAX_VALUES:
        raise RejectInput(
            f"JSON of more than {MAX_VALUES} values", field="body", action="send smaller batches"
        )


def load_json(body: bytes) -> Any:
    """The document. Raises RejectInput when it is no JSON, or nested over 250 levels deep."""
    check_values(body)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RejectInput(f"not JSON: {error}", field="body", action="send JSON") from error
    try:
        orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise RejectInput(
            f"JSON that cannot be kept: {error}", field="body", action="nest it less deeply"
        ) from error
    return document
