"""Pages as records: what is sent says its kind, and comes back as it was."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.pages import AnyWidget, Note, Page, Section, Stat, State


def test_a_page_says_the_kind_of_each_widget() -> None:
    page = Page(
        path="overview",
        title="Overview",
        sections=(Section(id="a", widgets=(Stat(id="s"), Note(id="n", paragraphs=("Hi",)))),),
    )
    sent = msgspec.json.encode(page)
    kinds = [one["kind"] for one in msgspec.json.decode(sent)["sections"][0]["widgets"]]
    assert kinds == ["stat", "note"]
    assert msgspec.json.decode(sent, type=Page) == page


def test_no_data_is_sent_as_null_and_not_as_zero() -> None:
    sent = msgspec.json.decode(msgspec.json.encode(Stat(id="s", state=State.EMPTY)))
    assert sent["value"] is None
    assert sent["state"] == "empty"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="kind"):
        msgspec.convert({"kind": "pie", "id": "p"}, AnyWidget)
