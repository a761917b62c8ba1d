"""The alert book: one identity per episode, firing and resolved are one alert."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.analysis.signal import Deviation, SeriesKey
from opsweave.facts import Alert, AlertStatus, Severity
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.alerts import AlertBook

KEY = SeriesKey("service:demo/shop/cart", "latency_p95")


def deviation(
    at_s: int, *, active: bool = True, score: float = 0.7, since_s: int = 10
) -> Deviation:
    return Deviation(
        key=KEY,
        at_ns=at_s * SECOND,
        since_ns=since_s * SECOND,
        seen=900.0,
        expected=80.0,
        low=40.0,
        high=130.0,
        score=score,
        strength=9.0,
        direction=1,
        active=active,
        reason="latency_p95 900 ms, expected 40..130 ms",
    )


def book() -> AlertBook:
    return AlertBook(lambda d: d.key.indicator == "latency_p95", lambda _: "ms")


def test_an_episode_is_one_alert_from_start_to_end() -> None:
    alerts = book()
    (began,) = alerts.note_deviations([deviation(20)], 20 * SECOND)
    assert alerts.note_deviations([deviation(25, since_s=9)], 25 * SECOND) == []
    (ended,) = alerts.note_deviations([deviation(60, active=False)], 60 * SECOND)
    assert began.id == ended.id
    assert (began.status, ended.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)
    assert ended.ended_ns == 60 * SECOND
    assert alerts.firing() == []


def test_severity_rises_at_once_and_does_not_fall_within_an_episode() -> None:
    alerts = book()
    (began,) = alerts.note_deviations([deviation(20)], 20 * SECOND)
    (worse,) = alerts.note_deviations([deviation(25, score=0.95)], 25 * SECOND)
    assert (began.severity, worse.severity) == (Severity.WARNING, Severity.CRITICAL)
    alerts.note_deviations([deviation(30, score=0.6)], 30 * SECOND)
    assert alerts.firing()[0].severity is Severity.CRITICAL


def test_an_episode_that_goes_on_is_written_again_only_now_and_then() -> None:
    alerts = book()
    written = [len(alerts.note_deviations([deviation(s)], s * SECOND)) for s in range(20, 60, 5)]
    assert written == [1, 0, 0, 1, 0, 0, 1, 0]


def test_the_end_of_an_alert_nobody_heard_of_is_ignored() -> None:
    alerts = book()
    assert alerts.note_deviations([deviation(20, active=False)], 20 * SECOND) == []
    foreign = Alert(
        id="a",
        fingerprint="f",
        source="alertmanager",
        entity=KEY.entity,
        indicator="Slow",
        status=AlertStatus.RESOLVED,
    )
    assert alerts.note_alerts([foreign], 1) == []


def test_a_foreign_alert_seen_again_keeps_its_episode() -> None:
    alerts = book()
    fact = Alert(
        id="e1",
        fingerprint="f",
        source="alertmanager",
        entity=KEY.entity,
        indicator="Slow",
    )
    assert alerts.note_alerts([fact], 1) == [fact]
    again = msgspec.structs.replace(fact, id="e2", started_ns=99)
    alerts.note_alerts([again], 2)
    assert [a.id for a in alerts.firing()] == ["e1"]


def test_what_a_person_ended_its_own_tool_may_still_end() -> None:
    alerts = book()
    fired = Alert(id="a", fingerprint="f", source="pager", entity="service:a/b/c", indicator="x")
    ended = msgspec.structs.replace(fired, status=AlertStatus.RESOLVED, ended_ns=2)
    by_hand = msgspec.structs.replace(ended, ended_by="bob")
    alerts.note_alerts([fired], 1)
    assert alerts.note_alerts([by_hand], 2) == [by_hand]
    assert alerts.note_alerts([by_hand], 2) == [], "said once"
    later = msgspec.structs.replace(ended, id="b", ended_ns=3)
    (told,) = alerts.note_alerts([later], 3)
    assert (told.id, told.ended_by, told.ended_ns) == ("a", "", 3)
    assert alerts.note_alerts([later], 4) == [], "and then it is over"


def test_after_a_restart_what_nobody_confirms_is_ended() -> None:
    alerts = book()
    (began,) = alerts.note_deviations([deviation(20)], 20 * SECOND)
    fresh = book()
    fresh.restore([began])
    (ended,) = fresh.resolve_unheard("detector", 50 * SECOND, 60 * SECOND)
    assert (ended.id, ended.status) == (began.id, AlertStatus.RESOLVED)


def test_a_flood_of_foreign_alerts_is_bounded_and_does_not_hide_our_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("opsweave.practices.aiops.alerts.MAX_FIRING", 50)
    alerts = book()
    (own,) = alerts.note_deviations([deviation(20)], 20 * SECOND)
    alerts.note_deviations([deviation(60, active=False)], 60 * SECOND)
    for n in range(500):
        made = msgspec.structs.replace(
            own, id=f"a{n}", fingerprint=f"f{n}", source="alertmanager", status=AlertStatus.FIRING
        )
        alerts.note_alerts([made], 61 * SECOND)
    assert (len(alerts.firing()), alerts.refused) == (50, 450)
    assert len(alerts.note_deviations([deviation(70)], 70 * SECOND)) == 1
    assert len(alerts.firing()) == 51
