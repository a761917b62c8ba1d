"""AnyValue and attribute sets: to JSON text, cached per identical set."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

_MAX_SETS = 4096
ENTITY_KEY = "opsweave.entity"


def plain(value: AnyValue) -> Any:
    """The value as JSON knows it; bytes become base64 text. Nesting is bounded by the decoder."""
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "int_value":
            return value.int_value
        case "double_value":
            return value.double_value
        case "array_value":
            return [plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {item.key: plain(item.value) for item in value.kvlist_value.values}
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case _:
            return None


def text(value: Any) -> str:
    """A plain value as text: strings as they are, whatever else as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def to_json(attributes: dict[str, Any]) -> str:
    """JSON text with sorted keys.

    >>> to_json({"b": 1, "a": "x"})
    '{"a":"x","b":1}'
    """
    return orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS).decode()


def as_dict(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    """Attributes by key; of repeated keys the last wins."""
    out: dict[str, Any] = {}
    for item in attributes:
        value = item.value
        out[item.key] = value.string_value or plain(value)
    return out


class AttributeSets:
    """JSON text of attribute sets, each computed once while the same sets come again.

    Identity is the exact sequence of keys and values, so equal sets in another order are merely
    computed twice.
    """

    def __init__(self) -> None:
        self._cache: dict[tuple[Any, ...], tuple[str, str]] = {}

    def of(self, attributes: Iterable[KeyValue]) -> tuple[str, str]:
        """(JSON text without ``opsweave.entity``, the value of ``opsweave.entity`` or '')."""
        flat: list[Any] = []
        for item in attributes:
            value = item.value
            # Strings are by far the most common, and the only ones that need no look at the type.
            if string := value.string_value:
                flat.append(item.key)
                flat.append(string)
            else:
                flat.append(item.key)
                # The type belongs to the identity: 1, 1.0 and True are equal in Python.
                flat.append(value.SerializeToString())
        key = tuple(flat)
        found = self._cache.get(key)
        if found is None:
            found = self._compute(attributes)
            if len(self._cache) >= _MAX_SETS:
                self._cache.clear()
            self._cache[key] = found
        return found

    @staticmethod
    def _compute(attributes: Iterable[KeyValue]) -> tuple[str, str]:
        values = as_dict(attributes)
        entity = values.pop(ENTITY_KEY, "")
        return to_json(values), text(entity)
