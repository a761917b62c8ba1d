"""YAML documents of operators, read strictly: an error names the file and the field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from opsweave.kernel.errors import RejectInput

S = TypeVar("S", bound=msgspec.Struct)
_CORE = "tag:yaml.org,2002:"
_DROPPED = frozenset(f"{_CORE}{name}" for name in ("bool", "timestamp", "int"))
_FIELD = re.compile(r"^(?P<says>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)


class _Loader(yaml.SafeLoader):
    """YAML 1.2's plain scalars: ``on`` is a word, ``22:00`` and dates are text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in _DROPPED]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(f"{_CORE}bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(f"{_CORE}int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))


def read_document(path: Path, type_: type[S]) -> S:
    """One document of a file as ``type_``. RejectInput names the file and the field."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RejectInput(f"cannot be read: {error}", field=str(path)) from error
    return parse_document(text, type_, name=path.name)


def parse_document(text: str, type_: type[S], *, name: str) -> S:
    """Like :func:`read_document`, from text; ``name`` is what errors call it."""
    try:
        # A SafeLoader by inheritance: it builds plain values only.
        raw: Any = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise RejectInput(f"not YAML: {error}", field=name) from error
    return convert_document({} if raw is None else raw, type_, name=name)


def convert_document(raw: object, type_: type[S], *, name: str) -> S:
    """Plain values as ``type_``, with the same errors."""
    try:
        return msgspec.convert(raw, type_)
    except msgspec.ValidationError as error:
        found = _FIELD.match(str(error))
        says, field = (found["says"], found["field"]) if found else (str(error), None)
        where = f"{name}: {field}" if field else name
        raise RejectInput(says, field=where, action="see docs/recovery.md") from error
