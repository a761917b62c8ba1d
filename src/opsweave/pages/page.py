"""A page: its head, its controls, and sections of widgets."""

from __future__ import annotations

import msgspec

from opsweave.pages.base import Action, Health
from opsweave.pages.option import Option
from opsweave.pages.union import AnyWidget


class Crumb(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the way back."""

    title: str
    to: str


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A word and its value in the head of a page; times as ``at_ms``."""

    title: str
    text: str = ""
    at_ms: float | None = None
    since_ms: float | None = None
    """Shown as a duration that runs."""
    health: Health = Health.NEUTRAL
    to: str = ""


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A choice in the head of a page that becomes the query parameter ``param``."""

    param: str
    title: str
    value: str = ""
    options: tuple[Option, ...] = ()
    """None: free text."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Widgets that belong together; several with a ``tab`` are shown one at a time."""

    id: str
    title: str = ""
    widgets: tuple[AnyWidget, ...] = ()
    folded: bool = False
    tab: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What ``GET pages/PATH`` answers."""

    path: str
    title: str
    lead: str = ""
    health: Health = Health.NEUTRAL
    health_text: str = ""
    """A word for the health, such as the state of an incident."""
    crumbs: tuple[Crumb, ...] = ()
    facts: tuple[Fact, ...] = ()
    controls: tuple[Control, ...] = ()
    actions: tuple[Action, ...] = ()
    sections: tuple[Section, ...] = ()
    timed: bool = True
    """Whether the global time range concerns it."""
    as_of_ms: float = 0.0
