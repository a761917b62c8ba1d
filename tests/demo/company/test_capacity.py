from __future__ import annotations

import threading

import pytest

from opsweave.demo.company.runtime.capacity import Gauge, Slots
from opsweave.demo.company.runtime.client import CallFailed


def test_a_slot_that_is_free_is_had_without_waiting() -> None:
    slots = Slots(2, "worker")
    with slots.take(1):
        assert slots.held == 1
    assert (slots.held, slots.waiting(), slots.in_use()) == (0, 0.0, 0.5)


def test_who_finds_none_waits_and_is_refused_in_time() -> None:
    slots = Slots(1, "worker")
    with slots.take(1), pytest.raises(CallFailed) as refused, slots.take(0.01):
        raise AssertionError
    assert refused.value.status == 503
    assert slots.waiting() == 1.0
    assert slots.waiting() == 0.0


def test_a_released_slot_goes_to_who_waits() -> None:
    slots, got = Slots(1, "worker"), threading.Event()

    def wait() -> None:
        with slots.take(5):
            got.set()

    thread = threading.Thread(target=wait)
    with slots.take(1):
        thread.start()
        assert not got.is_set()
    thread.join(5)
    assert got.is_set()


def test_a_gauge_is_the_mean_since_the_last_look() -> None:
    gauge = Gauge()
    assert gauge.read() is None
    gauge.note(1)
    gauge.note(3)
    assert gauge.read() == 2.0
    assert gauge.read() is None
