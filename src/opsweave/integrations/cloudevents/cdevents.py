"""CDEvents to changes and alerts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import msgspec

from opsweave.facts.alert import Alert, AlertStatus, Severity, episode_id, fingerprint_of
from opsweave.facts.change import Change, ChangeKind
from opsweave.integrations.cloudevents.custom import Custom, custom_of
from opsweave.integrations.cloudevents.envelope import Envelope, objects, time_ns
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

PREFIX = "dev.cdevents."
_TYPE = re.compile(r"^dev\.cdevents\.([a-z0-9_-]+)\.([a-z0-9_-]+)(?:\.[0-9].*)?$")
_D = ChangeKind.DEPLOYMENT
_CHANGES: dict[str, tuple[ChangeKind, str]] = {
    "service.deployed": (_D, "service"),
    "service.upgraded": (_D, "service"),
    "service.rolledback": (_D, "service"),
    "service.published": (_D, "service"),
    "service.removed": (_D, "service"),
    "environment.created": (ChangeKind.CONFIGURATION, "environment"),
    "environment.modified": (ChangeKind.CONFIGURATION, "environment"),
    "environment.deleted": (ChangeKind.CONFIGURATION, "environment"),
    "change.merged": (ChangeKind.COMMIT, "repository"),
    "artifact.packaged": (ChangeKind.ARTIFACT, "artifact"),
    "artifact.published": (ChangeKind.ARTIFACT, "artifact"),
    "build.finished": (ChangeKind.BUILD, "pipeline"),
    "pipelinerun.finished": (ChangeKind.BUILD, "pipeline"),
    "testsuiterun.finished": (ChangeKind.OTHER, "test_suite"),
}
_OWN_ID = ("change.merged", "artifact.packaged", "artifact.published")
"""The subject itself is unique: a commit, an artifact."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a CDEvent that decide what it is about."""

    id: str
    content: dict[str, Any]
    environment: str
    artifact: str
    version: str


def predicate_of(type_: str) -> str:
    """``service.deployed`` of ``dev.cdevents.service.deployed.0.2.0``; '' of whatever else."""
    match = _TYPE.match(type_)
    return f"{match[1]}.{match[2]}" if match else ""


def version_of(purl: str) -> str:
    """The version of a package URL.

    >>> version_of("pkg:oci/cart@sha256%3Aab12?repository_url=r.example/shop")
    'sha256:ab12'
    """
    name = purl.partition("#")[0].partition("?")[0]
    return unquote(name.rpartition("@")[2]) if "@" in name else ""


def subject_of(data: dict[str, Any]) -> Subject:
    """Raises RejectInput without a subject id."""
    (subject,) = objects(data.get("subject"))
    (content,) = objects(subject.get("content"))
    identity = subject.get("id")
    if not isinstance(identity, str) or not identity:
        raise RejectInput("a CDEvent needs the id of its subject", field="data.subject.id")
    environment, artifact = content.get("environment"), content.get("artifactId")
    if isinstance(environment, dict):
        environment = environment.get("id")
    artifact = artifact if isinstance(artifact, str) else ""
    purl = artifact or (identity if identity.startswith("pkg:") else "")
    return Subject(
        id=identity,
        content=content,
        environment=environment if isinstance(environment, str) else "",
        artifact=artifact,
        version=version_of(purl),
    )


def change_of(event: Envelope, *, tenant: str, received_ns: int) -> Change | None:
    """The change a CDEvent reports; None when it reports none. Raises RejectInput."""
    predicate = predicate_of(event.type)
    custom = custom_of(event.data)
    if predicate not in _CHANGES and custom.kind is None:
        return None
    subject = subject_of(event.data)
    kind, entity_kind = _CHANGES.get(predicate, (ChangeKind.OTHER, "service"))
    (context,) = objects(event.data.get("context"))
    version = custom.version_to or subject.version
    entity = custom.entity or _entity(entity_kind, predicate, subject)
    return Change(
        id=custom.id or _change_id(event, predicate, subject, version),
        tenant=tenant,
        source=event.source,
        kind=custom.kind or kind,
        entity=entity,
        at_ns=time_ns(context.get("timestamp"), "data.context.timestamp") or event.at_ns,
        observed_ns=received_ns,
        summary=custom.summary or f"{predicate} {subject.id}",
        author=custom.author or _author(subject),
        version_from=custom.version_from,
        version_to=version,
        commits=custom.commits or ((subject.id,) if kind is ChangeKind.COMMIT else ()),
        files=custom.files,
        lines_added=custom.lines_added,
        lines_deleted=custom.lines_deleted,
        outcome=custom.outcome or _outcome(predicate, subject),
        caused_by=custom.caused_by,
        details=_details(custom, predicate, subject),
    )


def alert_of(event: Envelope, *, tenant: str, received_ns: int) -> Alert | None:
    """The alert an incident event reports; None for other events. Raises RejectInput."""
    predicate = predicate_of(event.type)
    if not predicate.startswith("incident."):
        return None
    subject, custom = subject_of(event.data), custom_of(event.data)
    (service,) = objects(subject.content.get("service"))
    name = service.get("id")
    entity = custom.entity or str(
        EntityRef.of(
            "service", name if isinstance(name, str) else "", environment=subject.environment
        )
    )
    says = subject.content.get("description")
    fingerprint = fingerprint_of(tenant, "cdevents", f"{event.source}|{subject.id}")
    ended = event.at_ns if predicate == "incident.resolved" else None
    return Alert(
        id=episode_id(fingerprint, 0),
        tenant=tenant,
        fingerprint=fingerprint,
        source="cdevents",
        entity=entity,
        indicator="incident",
        severity=Severity.WARNING,
        status=AlertStatus.FIRING if ended is None else AlertStatus.RESOLVED,
        symptom=True,
        says=says if isinstance(says, str) else subject.id,
        started_ns=event.at_ns,
        observed_ns=received_ns,
        updated_ns=event.at_ns,
        ended_ns=ended,
        labels={} if isinstance(name, str) or custom.entity else {"opsweave.unattributed": "true"},
    )


def _entity(kind: str, predicate: str, subject: Subject) -> str:
    try:
        return str(EntityRef.parse(subject.id))
    except RejectInput:
        pass
    environment, name = subject.environment, subject.id
    if predicate == "change.merged":
        (repository,) = objects(subject.content.get("repository"))
        found = repository.get("name") or repository.get("id")
        name = found if isinstance(found, str) else "unknown"
    elif predicate.startswith("environment."):
        environment = subject.id
    elif name.startswith("pkg:"):
        name = name.partition("?")[0].partition("#")[0].rpartition("@")[0] or name
        name = unquote(name.rpartition("/")[2])
    elif predicate.startswith(("pipelinerun.", "testsuiterun.")):
        found = subject.content.get("pipelineName") or subject.content.get("name")
        name = found if isinstance(found, str) else name
    return str(EntityRef.of(kind, name.rstrip("/").rpartition("/")[2], environment=environment))


def _change_id(event: Envelope, predicate: str, subject: Subject, version: str) -> str:
    """The subject's own id where it is unique; else the event's, so that a version that is
    deployed, rolled back and deployed again makes three changes."""
    if predicate in _OWN_ID:
        return subject.id
    (context,) = objects(event.data.get("context"))
    own = context.get("id")
    named = f"{subject.id}@{version}" if version else subject.id
    return f"{named}/{own if isinstance(own, str) and own else event.id}"


def _author(subject: Subject) -> str:
    found = subject.content.get("author") or subject.content.get("user")
    return found if isinstance(found, str) else ""


def _outcome(predicate: str, subject: Subject) -> str:
    found = subject.content.get("outcome")
    if isinstance(found, str):
        return found
    return predicate.partition(".")[2] if predicate.startswith("service.") else ""


def _details(custom: Custom, predicate: str, subject: Subject) -> dict[str, Any]:
    base: dict[str, Any] = {"event": predicate} if predicate else {}
    if subject.artifact:
        base["artifact"] = subject.artifact
    return base | custom.details
