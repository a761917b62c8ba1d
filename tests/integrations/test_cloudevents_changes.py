"""CDEvents to changes and alerts; other CloudEvents to events."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from opsweave.facts.alert import AlertStatus
from opsweave.facts.change import Change, ChangeKind
from opsweave.integrations.cloudevents.cdevents import version_of
from opsweave.integrations.cloudevents.mock import body, cdevent
from opsweave.integrations.cloudevents.parse import parse
from opsweave.integrations.contract import Parsed
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import RECEIVED_NS, check_parsed, payload


def parsed_of(*events: Any) -> Parsed:
    parsed = parse(payload("events", "application/cloudevents+json", body(*events)))
    check_parsed(parsed)
    return parsed


def change_of(*arguments: Any, **more: Any) -> Change:
    (change,) = parsed_of(cdevent(*arguments, **more)).changes
    return change


def test_a_deployment() -> None:
    change = change_of()
    assert change.kind is ChangeKind.DEPLOYMENT
    assert change.entity == "service:demo/default/cart"
    assert (change.version_to, change.outcome) == ("1.4.3", "deployed")
    assert change.at_ns == from_iso("2023-11-14T22:13:20Z")
    assert change.id == "cart@1.4.3/271069a8-fc18-44f1-b38f-9d70a1695819"


def test_the_same_version_again_is_another_change() -> None:
    assert change_of(id_="a").id != change_of(id_="b").id
    assert change_of(id_="a").id == change_of(id_="a").id


def test_what_opsweave_adds_wins() -> None:
    custom = {
        "id": "deploy-7",
        "entity": "service:demo/shop/cart",
        "kind": "configuration",
        "version_from": "c1",
        "version_to": "c2",
        "commits": ["abc"],
        "files": ["cart.toml"],
        "lines_added": 1,
        "lines_deleted": 2,
        "summary": "smaller pool",
        "author": "Ada",
        "details": {"keys": {"pool.size": ["16", "4"]}},
        "caused_by": "run-1",
    }
    change = change_of("environment.modified", subject="demo", content={}, custom=custom)
    assert change.kind is ChangeKind.CONFIGURATION
    assert change.id == "deploy-7"
    assert (change.entity, change.author) == ("service:demo/shop/cart", "Ada")
    assert (change.version_from, change.version_to) == ("c1", "c2")
    assert (change.commits, change.files) == (("abc",), ("cart.toml",))
    assert (change.lines_added, change.lines_deleted) == (1, 2)
    assert change.details["keys"] == {"pool.size": ["16", "4"]}
    assert change.caused_by == "run-1"


@pytest.mark.parametrize("kind", ["flag", "model_version", "data_version", "scaling", "credential"])
def test_kinds_that_cdevents_has_no_word_for(kind: str) -> None:
    change = change_of("toggle.flipped", custom={"kind": kind, "entity": "service:a/b/c"})
    assert change.kind == kind


@pytest.mark.parametrize(
    ("predicate", "subject", "content", "kind", "entity"),
    [
        ("service.upgraded", "cart", {}, "deployment", "service:default/default/cart"),
        ("service.rolledback", "service:a/b/c", {}, "deployment", "service:a/b/c"),
        ("service.published", "apps/cart", {}, "deployment", "service:default/default/cart"),
        ("service.removed", "cart", {}, "deployment", "service:default/default/cart"),
        ("environment.modified", "prod", {}, "configuration", "environment:prod/default/prod"),
        (
            "change.merged",
            "4f1c2e",
            {"repository": {"id": "shop/cart"}},
            "commit",
            "repository:default/default/cart",
        ),
        (
            "artifact.published",
            "pkg:oci/cart@1.2",
            {},
            "artifact",
            "artifact:default/default/cart",
        ),
        (
            "pipelinerun.finished",
            "run-9",
            {"pipelineName": "build", "outcome": "success"},
            "build",
            "pipeline:default/default/build",
        ),
        ("testsuiterun.finished", "suite", {}, "other", "test_suite:default/default/suite"),
    ],
)
def test_kinds(
    predicate: str, subject: str, content: dict[str, Any], kind: str, entity: str
) -> None:
    change = change_of(predicate, subject=subject, content=content or {"x": 1})
    assert (change.kind, change.entity) == (kind, entity)


def test_commits_and_artifacts_are_their_own_identity() -> None:
    merged = change_of("change.merged", subject="4f1c2e")
    assert (merged.id, merged.commits) == ("4f1c2e", ("4f1c2e",))
    published = change_of("artifact.published", subject="pkg:oci/cart@1.2", content={"x": 1})
    assert (published.id, published.version_to) == ("pkg:oci/cart@1.2", "1.2")


def test_versions_of_package_urls() -> None:
    assert version_of("pkg:oci/cart@sha256%3Aab?arch=amd64") == "sha256:ab"
    assert version_of("pkg:npm/%40scope/cart@1.0.0#sub") == "1.0.0"
    assert version_of("pkg:generic/cart") == ""


def test_incidents_are_alerts_that_end() -> None:
    content = {"environment": {"id": "prod"}, "service": {"id": "cart"}, "description": "slow"}
    parsed = parsed_of(
        cdevent("incident.detected", subject="inc-1", content=content),
        cdevent("incident.resolved", subject="inc-1", content=content, id_="other"),
    )
    detected, resolved = parsed.alerts
    assert detected.id == resolved.id
    assert detected.entity == "service:prod/default/cart"
    assert (detected.status, resolved.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)


def test_other_events_are_kept_as_events() -> None:
    plain = {
        "specversion": "1.0",
        "id": "7",
        "source": "/s",
        "type": "com.example.thing",
        "subject": "service:a/b/c",
    }
    parsed = parsed_of(plain, cdevent("testcaserun.started"))
    first, second = parsed.events
    assert (first.kind, first.entity, first.at_ns) == (
        "com.example.thing", "service:a/b/c", RECEIVED_NS,
    )  # fmt: skip
    assert second.kind.startswith("dev.cdevents.testcaserun")
    assert not first.generic


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": ""}, "id"),
        ({"type": 3}, "type"),
        ({"specversion": "0.3"}, "specversion"),
        ({"time": "soon"}, "time"),
        ({"time": "9999-01-01T00:00:00Z"}, "time"),
        ({"data": {}}, "subject"),
        ({"data": {"subject": {"id": "x"}, "customData": {"opsweave": 3}}}, "customData"),
        (
            {"data": {"subject": {"id": "x"}, "customData": {"opsweave": {"entity": "x"}}}},
            "entity",
        ),
        (
            {"data": {"subject": {"id": "x"}, "customData": {"opsweave": {"kind": "magic"}}}},
            "customData",
        ),
    ],
)
def test_wrong_events_are_left_out_alone(wrong: dict[str, Any], field: str) -> None:
    parsed = parsed_of(cdevent(), cdevent() | wrong)
    assert (len(parsed.changes), parsed.rejected.n) == (1, 1)
    with pytest.raises(RejectInput) as caught:
        parsed_of(cdevent() | wrong)
    assert field in caught.value.field


@pytest.mark.parametrize("raw", [b"3", b"", b'"x"', b"[3]", b"{}"])
def test_no_event_at_all(raw: bytes) -> None:
    with pytest.raises(RejectInput):
        parse(payload("events", "application/cloudevents+json", raw))


def test_an_empty_batch_is_fine() -> None:
    raw = msgspec.json.encode([])
    assert not parse(payload("events", "application/cloudevents-batch+json", raw)).changes
