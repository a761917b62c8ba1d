"""What every widget has: an id, a state that explains itself, and the proof of its number."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Health(StrEnum):
    """Shown by colour, shape and word; UNKNOWN is "no data", and never looks good."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"
    """Says nothing of health."""


class State(StrEnum):
    """Of a widget. ``loading`` is the console's own and never sent."""

    OK = "ok"
    EMPTY = "empty"
    ERROR = "error"
    DENIED = "denied"


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What a number came from."""

    says: str = ""
    """How it was made, in a sentence."""
    n: int | None = None
    """Records behind it."""
    ids: tuple[str, ...] = ()
    """Evidence ids, each resolvable through ``GET evidence``; at most a hundred are sent."""
    excluded: dict[str, int] = {}
    """Records left out, by reason."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A verb offered where its object is seen: a request to the API."""

    id: str
    title: str
    method: str = "POST"
    path: str
    """Below ``/api/v1/``."""
    body: dict[str, object] = {}
    """Sent as JSON. A bulk action gets ``ids`` besides."""
    confirm: str = ""
    """Asked before it is done; empty asks nothing."""
    danger: bool = False
    disabled: str = ""
    """Why it cannot be done now; empty when it can."""
    key: str = ""
    """The key that does it, for example ``a``."""
    ask: str = ""
    """The name of a body field to ask the user for as free text."""


class Widget(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A part of a page. ``missing`` and ``remedy`` are said when the state is not OK."""

    id: str
    """Unique on its page; ``?widget=ID`` asks for it alone."""
    title: str = ""
    says: str = ""
    """A line beneath the title: what this is, over which records."""
    span: int = 12
    """Of twelve columns, on a wide screen."""
    state: State = State.OK
    missing: str = ""
    """What is not there: which source, filter or rule gave none."""
    remedy: str = ""
    """What would change that."""
    remedy_to: str = ""
    """A path of the console, or empty."""
    proof: Proof | None = None
    topics: tuple[str, ...] = ()
    """Of the live stream: news under one of them makes this widget old."""
    actions: tuple[Action, ...] = ()
