"""Identifiers: sortable new ids, content hashes, and the canonical spelling of entities."""

from __future__ import annotations

import hashlib
import os
import re
from typing import NamedTuple

from opsweave.kernel.errors import RejectInput

DEFAULT_TENANT = "default"
DEFAULT_ENVIRONMENT = "default"
DEFAULT_NAMESPACE = "default"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_UNSAFE = re.compile(r"[\s/:]+")
_REF = re.compile(r"^([a-z][a-z0-9_]*):([^/:\s]+)/([^/:\s]+)/([^/:\s]+)$")


def new_id(prefix: str, now_ns: int) -> str:
    """A new id that sorts by time: ``prefix-`` + 9 characters of milliseconds + 9 random ones."""
    number = (now_ns // 1_000_000) << 45 | int.from_bytes(os.urandom(6), "big") >> 3
    out = []
    for _ in range(18):
        number, digit = divmod(number, 32)
        out.append(_ALPHABET[digit])
    return f"{prefix}-{''.join(reversed(out))}"


def content_hash(*parts: str | bytes, length: int = 20) -> str:
    """Hex SHA-256 over length-prefixed parts, so that no two different lists collide by joining.

    >>> content_hash("ab", "c") == content_hash("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:length]


class EntityRef(NamedTuple):
    """The natural key of an entity; ``str()`` gives its canonical spelling.

    >>> str(EntityRef("service", "prod", "shop", "cart"))
    'service:prod/shop/cart'
    """

    kind: str
    environment: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.environment}/{self.namespace}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> EntityRef:
        """Read ``kind:environment/namespace/name``; raises RejectInput otherwise."""
        match = _REF.match(text)
        if match is None:
            raise RejectInput(
                f"{text!r} is not an entity",
                field="entity",
                action="write it as kind:environment/namespace/name",
            )
        return cls(*match.groups())

    @classmethod
    def of(cls, kind: str, name: str, *, environment: str = "", namespace: str = "") -> EntityRef:
        """Build a reference from untrusted parts: separators and white space become ``-``."""

        def clean(text: str, default: str) -> str:
            return _UNSAFE.sub("-", text.strip())[:200] or default

        return cls(
            _UNSAFE.sub("_", kind.strip().lower()) or "service",
            clean(environment, DEFAULT_ENVIRONMENT),
            clean(namespace, DEFAULT_NAMESPACE),
            clean(name, "unknown"),
        )
