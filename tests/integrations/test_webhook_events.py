"""Webhooks of any tool to events: what common names say, and nothing guessed."""

import msgspec
import pytest

from opsweave.integrations.webhook.mock import body
from opsweave.integrations.webhook.parse import parse
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import RECEIVED_NS, check_parsed, payload


def event_of(raw, door="webhook:tickets"):
    parsed = parse(payload(door, "application/json", raw))
    check_parsed(parsed)
    (event,) = parsed.events
    return event


def test_common_names_are_read():
    event = event_of(body())
    assert (event.source, event.kind, event.says) == ("tickets", "ticket.created", "Cart is slow")
    assert event.at_ns == from_iso("2023-11-14T22:13:20Z")
    assert not event.generic


def test_the_source_is_the_last_part_of_the_address():
    assert event_of(body(), door="webhook").source == "webhook"


def test_a_canonical_entity_is_taken_and_any_other_is_not():
    assert event_of(body(entity="service:prod/shop/cart")).entity == "service:prod/shop/cart"
    assert event_of(body(entity="the cart")).entity == ""


@pytest.mark.parametrize("time", ["1700000000", "yesterday", "0001-01-01T00:00:00Z", ""])
def test_a_time_that_does_not_say_what_it_is_becomes_the_arrival(time):
    assert event_of(body(time=time)).at_ns == RECEIVED_NS


@pytest.mark.parametrize("value", [[1, 2], "text", 7, None])
def test_what_is_no_object_is_kept_as_generic(value):
    event = event_of(msgspec.json.encode(value))
    assert event.generic
    assert event.body == {"value": value}


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 2000 + b"]" * 2000])
def test_what_is_no_json_is_refused(raw):
    with pytest.raises(RejectInput):
        parse(payload("webhook:tickets", "application/json", raw))
