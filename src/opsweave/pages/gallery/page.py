"""The page ``gallery``: what a practice may put on a page, drawn with samples."""

from __future__ import annotations

from typing import get_args

import msgspec

from opsweave.pages.base import Health, State
from opsweave.pages.gallery import numbers, pictures, reasons, words
from opsweave.pages.option import Option
from opsweave.pages.page import Control, Crumb, Fact, Page, Section
from opsweave.pages.spec import PageQuery, PageSpec
from opsweave.pages.union import AnyWidget

KINDS: dict[str, type[AnyWidget]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyWidget)
}
"""Every kind of widget by the name that is sent."""

_UNSAID = {
    State.EMPTY: (
        "empty",
        "Empty: nothing was found, and it says why",
        "No sample matched the scope “nobody”.",
        "Take the scope away",
        "gallery",
    ),
    State.ERROR: (
        "error",
        "Failed: it should be there and is not",
        "The samples could not be read: the store answered after its deadline.",
        "Try again; if it stays, look at the record's health.",
        "",
    ),
    State.DENIED: (
        "denied",
        "Not allowed: who may see it",
        "Your token may not see this: it needs the scope “admin”.",
        "Ask somebody who has it for a token.",
        "settings",
    ),
}
_CROWDS = (("", "a usual day"), ("many", "10,000 moments"))


def pages() -> list[PageSpec]:
    """The gallery stands in the navigation under System, last."""
    return [
        PageSpec(
            pattern="gallery", title="Gallery", make=gallery, group="System", order=900, key="v"
        )
    ]


def gallery(query: PageQuery) -> Page:
    """All kinds; the samples depend on the hour alone."""
    hour = query.now_ms - query.now_ms % 3_600_000
    crowd = query.get("crowd") == "many"
    return Page(
        path="gallery",
        title="Gallery",
        lead="Every kind of widget in each of its states. All numbers and names are samples.",
        health=Health.NEUTRAL,
        health_text="samples",
        crumbs=(Crumb(title="Overview", to=""),),
        facts=(
            Fact(title="Kinds", text=str(len(KINDS))),
            Fact(title="Sampled at", at_ms=hour),
            Fact(title="Running since", since_ms=hour, health=Health.WARNING),
        ),
        controls=(
            Control(
                param="crowd",
                title="Timeline of",
                value=query.get("crowd"),
                options=tuple(Option(value=value, title=title) for value, title in _CROWDS),
            ),
        ),
        sections=(
            Section(id="numbers", title="Numbers and tables", widgets=numbers.samples(hour)),
            Section(id="time", title="Over time", widgets=pictures.over_time(hour, crowd)),
            Section(id="place", title="Where", widgets=pictures.places()),
            Section(id="reasons", title="Why, and how far", widgets=reasons.samples(hour)),
            Section(id="words", title="Words", widgets=words.samples(hour)),
            *(_unsaid(state) for state in _UNSAID),
        ),
        timed=False,
        as_of_ms=query.now_ms,
    )


def _unsaid(state: State) -> Section:
    """Each kind in a state in which it draws nothing."""
    name_of, title, missing, remedy, remedy_to = _UNSAID[state]
    widgets = tuple(
        msgspec.convert(
            {
                "kind": name,
                "id": f"{name_of}-{name}",
                "title": f"{name}, {name_of} (sample)",
                "span": 3,
                "state": state,
                "missing": missing,
                "remedy": remedy,
                "remedy_to": remedy_to,
            },
            kind,
        )
        for name, kind in KINDS.items()
    )
    return Section(id=name_of, title=title, widgets=widgets, folded=True)
