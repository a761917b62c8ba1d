"""What an explore page was asked for, and the parts that all of them show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from opsweave.kernel.errors import RejectInput
from opsweave.pages import Field, Form, Note, Option, Section, State
from opsweave.server.explore.frame import Span
from opsweave.server.explore.language import Term, parse
from opsweave.server.explore.where import Condition, Rule, where

HELP = (
    (
        "All terms must hold. key:value compares the whole value, * stands for anything, case does "
        "not matter; a,b means a or b; -term turns one round; words and “quoted words” are looked "
        "for in the text."
    ),
    (
        "entity:cart is every entity of that name; entity:service:prod/shop/cart that one alone. "
        "Numbers take >, >=, <, <= and units: duration>200ms, value>5%."
    ),
    (
        "Of metrics, logs and traces, a key that is not listed is looked up among the attributes: "
        "http.route:/pay*."
    ),
)


class Asked(NamedTuple):
    """``refused`` says why the filter cannot be read; then ``terms`` is empty."""

    span: Span
    scope: str
    q: str
    terms: tuple[Term, ...]
    refused: RejectInput | None
    to: Callable[..., str]
    """A path of the console over the same time and scope, with a query of its own."""


def asked(span: Span, scope: str, q: str, to: Callable[..., str]) -> Asked:
    """The filter read, or the reason why not."""
    try:
        return Asked(span, scope, q, parse(q), None, to)
    except RejectInput as error:
        return Asked(span, scope, q, (), error, to)


def condition(
    now: Asked, rules: Mapping[str, Rule], words: Rule, *, otherwise: Rule | None = None
) -> tuple[Asked, Condition]:
    """The filter as a condition; one that says nothing here is refused like one that is unread."""
    try:
        return now, where(now.terms, rules, words, now.scope, otherwise=otherwise)
    except RejectInput as error:
        return now._replace(refused=error, terms=()), Condition("FALSE")


def filter_form(
    now: Asked,
    keys: tuple[str, ...],
    fields: tuple[Field, ...] = (),
    *,
    attributes: bool = True,
) -> Form:
    """The filter, and whatever else this page lets one choose."""
    text = Field(
        name="q",
        title="Filter",
        value=now.q,
        help=f"Keys: {', '.join(keys)}{'; any other is an attribute' if attributes else ''}.",
    )
    refused = now.refused
    return Form(
        id="filter",
        fields=(text, *fields),
        into_url=True,
        submit_title="Show",
        state=State.ERROR if refused else State.OK,
        missing=str(refused) if refused else "",
        remedy=refused.action if refused else "",
    )


def language_note() -> Section:
    """The filter language, documented in place."""
    return Section(
        id="language",
        title="How to filter",
        folded=True,
        widgets=(Note(id="language-note", paragraphs=HELP),),
    )


def choice(name: str, title: str, value: str, options: tuple[tuple[str, str], ...]) -> Field:
    """A field that chooses one of ``(value, title)``."""
    made = tuple(Option(value=one, title=said) for one, said in options)
    return Field(name=name, title=title, input="select", value=value, options=made)


def nothing(now: Asked, what: str) -> tuple[str, str]:
    """Missing and remedy of a widget without rows: what was asked, and what would show more."""
    asked_for = f" for {now.q!r}" if now.q else ""
    within = f" in scope {now.scope!r}" if now.scope else ""
    return (
        f"No {what}{asked_for}{within} between these two times.",
        "Widen the time, drop a term of the filter, or see Record: what arrives, and from whom.",
    )
