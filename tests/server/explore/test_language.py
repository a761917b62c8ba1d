"""The filter language: what people type, read or refused with a next action."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.kernel.errors import RejectInput
from opsweave.server.explore.language import Term, number, parse


def test_terms_in_their_order() -> None:
    found = parse('entity:cart duration>200ms -name:GET* "timed out" status:500,503')
    assert found == (
        Term("entity", ":", ("cart",)),
        Term("duration", ">", ("200ms",)),
        Term("name", ":", ("GET*",), True),
        Term("", ":", ("timed out",)),
        Term("status", ":", ("500", "503")),
    )


def test_quotes_keep_blanks_commas_and_quotes() -> None:
    (found,) = parse(r'name:"GET /a, \"b\""')
    assert found.values == ('GET /a, "b"',)


def test_an_entity_keeps_its_colons_and_slashes() -> None:
    (found,) = parse("entity:service:prod/shop/cart")
    assert found == Term("entity", ":", ("service:prod/shop/cart",))


def test_nothing_asked_is_no_term() -> None:
    assert parse("") == parse("   ") == ()


@pytest.mark.parametrize("text", ["entity:", 'body:"open', "-", "x" * 2001, "a " * 41, 'a:""'])
def test_what_cannot_be_read_is_refused_with_an_action(text: str) -> None:
    with pytest.raises(RejectInput) as refused:
        parse(text)
    assert refused.value.field == "q"
    assert refused.value.action


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        terms = parse(text)
    except RejectInput:
        return
    assert all(one.values for one in terms)
    assert bool(terms) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2.0), ("1.5s", 1.5), ("3m", 180.0), ("2k", 2000.0), ("5%", 0.05), ("1Gi", 2.0**30)],
)
def test_numbers_take_units(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "ms", "5 parsecs", "1e", "0x10"])
def test_no_number_is_refused(text: str) -> None:
    with pytest.raises(RejectInput, match="no number"):
        number(text)
