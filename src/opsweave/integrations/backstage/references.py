"""Backstage's references: ``[kind:][namespace/]name``."""

from __future__ import annotations

from typing import NamedTuple

from opsweave.kernel.errors import RejectInput


class Reference(NamedTuple):
    """A document of a catalog."""

    kind: str
    namespace: str
    name: str


def reference(text: str, *, kind: str, namespace: str) -> Reference:
    """Read a reference, with defaults for what it leaves out. Raises RejectInput.

    >>> reference("resource:orders-db", kind="component", namespace="shop")
    Reference(kind='resource', namespace='shop', name='orders-db')
    """
    before, colon, rest = text.strip().partition(":")
    if not colon:
        before, rest = kind, before
    space, slash, name = rest.partition("/")
    if not slash:
        space, name = namespace, space
    if not (before and space and name):
        raise RejectInput(f"{text!r} is no reference", action="write it as [kind:][namespace/]name")
    return Reference(before.lower(), space, name)
