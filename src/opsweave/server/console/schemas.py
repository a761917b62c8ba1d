"""JSON schemas of records, one name each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from opsweave.kernel.errors import Bug

REF = "#/components/schemas/"


class Schemas:
    """Where two records share a name, the one that comes first keeps it; pages come first."""

    def __init__(self, types: Iterable[Any]) -> None:
        self.all: dict[str, Any] = {}
        self._refs: dict[Any, dict[str, Any]] = {}
        for type_ in sorted(dict.fromkeys(types), key=lambda one: not _of_pages(one)):
            (schema,), parts = msgspec.json.schema_components(
                [type_], ref_template=REF + "{name}", schema_hook=_anything
            )
            other = {
                name: f"{name}Fact"
                for name, part in parts.items()
                if name in self.all and self.all[name] != _spelled(part, {})
            }
            self._refs[type_] = _spelled(schema, other)
            for name, part in parts.items():
                self.all[other.get(name, name)] = _spelled(part, other)

    def of(self, type_: Any) -> dict[str, Any]:
        """How the schema of a type is referred to."""
        return self._refs[type_]


def _of_pages(type_: Any) -> bool:
    return getattr(type_, "__module__", "").startswith("opsweave.pages")


def _anything(type_: type) -> dict[str, Any]:
    """``object`` is any JSON."""
    if type_ is object:
        return {"description": "any JSON"}
    raise Bug(f"{type_} has no JSON schema: answer with records")


def _spelled(schema: Any, names: dict[str, str]) -> Any:
    """With other names, and without the docstring that enumerations inherit from ``str``."""
    if isinstance(schema, list):
        return [_spelled(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "$ref":
            name = value.removeprefix(REF)
            out[key] = REF + names.get(name, name)
        elif key != "description" or not str(value).startswith("str("):
            out[key] = _spelled(value, names)
    return out
