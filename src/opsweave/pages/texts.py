"""Words: log lines, differences, forms and notes."""

from __future__ import annotations

import msgspec

from opsweave.pages.base import Action, Health, Widget
from opsweave.pages.option import Option


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line; ``template`` groups lines that differ in parameters only."""

    id: str
    at_ms: float
    entity: str
    text: str
    severity: str = ""
    health: Health = Health.NEUTRAL
    template: str = ""
    to: str = ""


class Log(Widget, frozen=True, kw_only=True, tag="log"):
    """Lines, newest last; ``next`` is the value of ``{id}.after`` for older ones."""

    lines: tuple[LogLine, ...] = ()
    next: str = ""


class Diff(Widget, frozen=True, kw_only=True, tag="diff"):
    """Two texts; the console marks the lines that differ."""

    before: str = ""
    after: str = ""
    before_title: str = "before"
    after_title: str = "after"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """``input``: text, area, number, select, many, toggle, time, secret, code."""

    name: str
    title: str
    input: str = "text"
    value: str | float | bool | tuple[str, ...] | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
    help: str = ""


class Form(Widget, frozen=True, kw_only=True, tag="form"):
    """Fields and what sends them. With ``into_url`` they become the page's query parameters."""

    fields: tuple[Field, ...] = ()
    submit: Action | None = None
    into_url: bool = False
    submit_title: str = ""
    shows_answer: bool = False
    """Whether the answer is shown once, such as a new token's secret."""


class Note(Widget, frozen=True, kw_only=True, tag="note"):
    """Plain paragraphs; never markup from a payload."""

    paragraphs: tuple[str, ...] = ()
    health: Health = Health.NEUTRAL
    code: str = ""
    """Shown as it is, with a button that copies it."""
    to: str = ""
    to_title: str = ""
