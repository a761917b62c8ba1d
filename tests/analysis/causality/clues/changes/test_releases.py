"""Canary against stable, moment, blast: the guilty release of several at once."""

from __future__ import annotations

import msgspec

from opsweave.analysis.causality.clues.changes import opinion
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Suspect

from .shop import ALARM, case, usual

RELEASES = {"quotes": 33.0, "basket": 35.0, "rates": 36.0, "ledger": 37.5}


def ranked(dossier: Dossier) -> list[Suspect]:
    return sorted(opinion(dossier, {}).suspects, key=lambda s: -s.nats)


def test_new_instances_that_fail_give_their_release_away() -> None:
    def value(instance: str, metric: str, minute: int) -> float:
        if instance.startswith("basket-2") and metric.startswith("success"):
            return 20.0 + minute % 7
        return usual(instance, metric, minute)

    first, second, *_ = ranked(case(RELEASES, value))
    assert first.change == "release-basket"
    assert first.parts["canary"] > 3
    assert first.nats - second.nats > 2
    assert "on new instances" in first.says


def test_a_leak_shows_in_the_memory_of_new_instances_only() -> None:
    def value(instance: str, metric: str, minute: int) -> float:
        if instance.startswith("rates-2") and metric == "memory_usage":
            return 40.0 + 6.0 * (minute - 36)
        return usual(instance, metric, minute)

    assert ranked(case(RELEASES, value))[0].change == "release-rates"


def test_new_instances_that_are_never_heard_of_are_suspect() -> None:
    def value(instance: str, metric: str, minute: int) -> float | None:
        return None if instance.startswith("quotes-2") else usual(instance, metric, minute)

    first = ranked(case(RELEASES, value))[0]
    assert first.change == "release-quotes"
    assert "missing" in first.says


def test_a_fault_that_only_callers_feel_is_told_by_moment_and_blast() -> None:
    """ledger answers nonsense: its versions do alike, all of basket suffers."""

    def value(instance: str, metric: str, minute: int) -> float:
        if instance.startswith("basket") and metric.startswith("success") and minute >= 38:
            return 55.0 + minute % 5
        return usual(instance, metric, minute)

    first, *others = ranked(case(RELEASES, value))
    assert first.change == "release-ledger"
    basket = next(s for s in others if s.change == "release-basket")
    assert basket.parts["alike"] < 0
    assert "instances of the old version" in basket.says
    rates = next(s for s in others if s.change == "release-rates")
    assert rates.parts.get("blast", 0.0) < first.parts["blast"]


def test_what_was_released_after_the_trouble_began_is_dismissed() -> None:
    def value(instance: str, metric: str, minute: int) -> float:
        if instance.startswith("quotes-2") and metric.startswith("success"):
            return 10.0
        if instance.startswith("quotes-1") and metric.startswith("latency") and minute >= 34:
            return 0.4
        return usual(instance, metric, minute)

    late = ranked(case({"quotes": 33.0, "ledger": ALARM + 4.0}, value))[-1]
    assert late.change == "release-ledger"
    assert late.nats < 0 or late.parts["timing"] < -3
    assert "after the trouble did" in late.says


def test_warming_up_is_no_fault() -> None:
    def value(instance: str, metric: str, minute: int) -> float:
        born = {"quotes": 34, "basket": 36, "rates": 37, "ledger": 38}.get(
            instance.split("-", maxsplit=1)[0]
        )
        if "-2-a" in instance and born is not None and minute < born + 3:
            return usual(instance, metric, minute) * (1 if metric.startswith("success") else 4)
        return usual(instance, metric, minute)

    assert all(s.parts["canary"] <= 0.5 for s in ranked(case(RELEASES, value)))


def test_when_only_changes_can_be_the_answer_one_of_them_is_likely() -> None:
    dossier = case(RELEASES, usual)
    free = msgspec.structs.replace(dossier, answer_kinds=frozenset())
    asked, unasked = ranked(dossier)[0], ranked(free)[0]
    assert asked.nats > unasked.nats
    assert unasked.nats < 1.5
    assert asked.parts.keys() == unasked.parts.keys()


def test_without_changes_there_is_nothing_to_say() -> None:
    assert opinion(msgspec.structs.replace(case({}, usual), changes=()), {}).suspects == ()


def test_the_order_of_changes_does_not_matter() -> None:
    def value(instance: str, metric: str, minute: int) -> float:
        if instance.startswith("basket-2") and metric.startswith("latency"):
            return 0.9 + 0.01 * (minute % 3)
        return usual(instance, metric, minute)

    dossier = case(RELEASES, value)
    turned = msgspec.structs.replace(dossier, changes=dossier.changes[::-1])
    assert ranked(turned) == ranked(dossier)
    assert ranked(dossier)[0].change == "release-basket"
