"""JSON bodies, bounded in depth so that whatever is read can also be written."""

from __future__ import annotations

from typing import Any

import orjson

from opsweave.kernel.errors import RejectInput


def load_json(body: bytes) -> Any:
    """The document. Raises RejectInput when it is no JSON, or nested over 250 levels deep."""
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
