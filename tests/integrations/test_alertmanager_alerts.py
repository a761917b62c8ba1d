"""Alerts: identity, entity, severity, and when one has ended."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts.alert import Alert, AlertStatus, Severity
from opsweave.integrations.alertmanager import mock
from opsweave.integrations.alertmanager.labels import entity_of, label_fingerprint, severity_of
from opsweave.integrations.alertmanager.parse import parse
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import RECEIVED_NS, check_parsed, payload


def parsed_of(body: bytes, door: str = "alertmanager") -> list[Alert]:
    parsed = parse(payload(door, "application/json", body))
    check_parsed(parsed)
    return parsed.alerts


def test_an_alert() -> None:
    (alert,) = parsed_of(mock.webhook())
    assert alert.entity == "service:demo/shop/cart"
    assert (alert.indicator, alert.says) == ("HighLatency", "cart answers slowly")
    assert (alert.severity, alert.status) == (Severity.CRITICAL, AlertStatus.FIRING)
    assert alert.symptom
    assert alert.started_ns == from_iso("2023-11-14T22:10:00.123456Z")


def test_one_identity_through_both_doors_and_over_time() -> None:
    firing = mock.alert()
    (by_hook,) = parsed_of(mock.webhook(firing))
    (by_api,) = parsed_of(mock.posted(firing), "alerts")
    resolved = mock.alert(ends="2023-11-14T22:12:00Z")
    (ended,) = parsed_of(mock.webhook(resolved, status="resolved"))
    assert by_hook.id == by_api.id == ended.id
    assert ended.status is AlertStatus.RESOLVED
    (other,) = parsed_of(mock.posted(mock.alert(pod="b")), "alerts")
    assert other.fingerprint != by_hook.fingerprint
    (again,) = parsed_of(mock.posted(mock.alert(starts="2023-11-14T22:13:00Z")), "alerts")
    assert again.fingerprint == by_hook.fingerprint
    assert again.id != by_hook.id


def test_the_fingerprint_of_the_source_wins() -> None:
    first, second = mock.alert(), mock.alert(pod="b")
    one, two = parsed_of(
        mock.webhook(first | {"fingerprint": "abc"}, second | {"fingerprint": "abc"})
    )
    assert one.fingerprint == two.fingerprint


def test_alertmanagers_own_algorithm() -> None:
    # FNV-1a by hand over "a" 0xff "b" 0xff
    total = 14695981039346656037
    for byte in b"a\xffb\xff":
        total = ((total ^ byte) * 1099511628211) % (1 << 64)
    assert label_fingerprint({"a": "b"}) == f"{total:016x}"


@pytest.mark.parametrize(
    ("ends", "status", "ended"),
    [
        (mock.ZERO_TIME, None, None),
        ("2099-01-01T00:00:00Z", None, None),
        ("2023-11-14T22:12:00Z", None, "2023-11-14T22:12:00Z"),
        ("2023-11-14T22:12:00Z", "firing", None),
        ("2023-11-14T22:12:00Z", "resolved", "2023-11-14T22:12:00Z"),
        ("2000-01-01T00:00:00Z", "resolved", "2023-11-14T22:10:00.123456Z"),
        ("2099-01-01T00:00:00Z", "resolved", RECEIVED_NS),
        (mock.ZERO_TIME, "resolved", RECEIVED_NS),
    ],
)
def test_when_it_has_ended(ends: str, status: str | None, ended: str | int | None) -> None:
    document = mock.alert(ends=ends) | ({"status": status} if status else {})
    (alert,) = parsed_of(mock.posted(document), "alerts")
    assert alert.ended_ns == (from_iso(ended) if isinstance(ended, str) else ended)


@pytest.mark.parametrize(
    ("labels", "entity"),
    [
        ({"service": "cart", "job": "x"}, "service:default/default/cart"),
        ({"job": "shop/cart", "env": "prod"}, "service:prod/shop/cart"),
        ({"instance": "db1:9100"}, "host:default/default/db1"),
        ({"node": "n1", "namespace": "kube"}, "host:default/kube/n1"),
        ({"opsweave_entity": "database:a/b/c", "job": "x"}, "database:a/b/c"),
        ({"opsweave_entity": "nonsense", "job": "x"}, "service:default/default/x"),
        ({"service": " ", "severity": "page"}, None),
    ],
)
def test_entities(labels: dict[str, str], entity: str | None) -> None:
    assert entity_of(labels) == entity


def test_an_alert_about_nothing_is_marked() -> None:
    (alert,) = parsed_of(mock.posted({"labels": {"alertname": "Odd"}}), "alerts")
    assert alert.entity == "service:default/default/unknown"
    assert alert.labels["opsweave.unattributed"] == "true"
    assert alert.started_ns == RECEIVED_NS


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("critical", Severity.CRITICAL),
        ("PAGE", Severity.CRITICAL),
        ("info", Severity.INFO),
        ("odd", Severity.WARNING),
        ("", Severity.WARNING),
    ],
)
def test_severities(word: str, severity: Severity) -> None:
    assert severity_of({"severity": word}) is severity


@pytest.mark.parametrize(
    "document",
    [
        {"labels": {}},
        {"labels": []},
        {"labels": {"a": 1}},
        {},
        3,
        {"labels": {"a": "b"}, "startsAt": "soon"},
        {"labels": {"a": "b"}, "endsAt": "9999-01-01T00:00:00Z"},
        {"labels": {"a": "b"}, "startsAt": 7},
    ],
)
def test_wrong_alerts_are_left_out_alone(document: Any) -> None:
    body = msgspec.json.encode([mock.alert(), document])
    parsed = parse(payload("alerts", "application/json", body))
    assert (len(parsed.alerts), parsed.rejected.n) == (1, 1)
    with pytest.raises(RejectInput):
        parse(payload("alerts", "application/json", msgspec.json.encode([document])))


@pytest.mark.parametrize("body", [b"{}", b"3", b'{"alerts": 3}', b"", b"nope"])
def test_no_alerts_at_all(body: bytes) -> None:
    for door in ("alertmanager", "alerts"):
        with pytest.raises(RejectInput):
            parse(payload(door, "application/json", body))


def test_an_empty_notification_is_fine() -> None:
    assert parsed_of(b"[]", "alerts") == []
    assert parsed_of(b'{"alerts": []}') == []
