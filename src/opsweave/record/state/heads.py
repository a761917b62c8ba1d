"""What lists filter, sort and count by, beside entity, status and time: small, before the body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from opsweave.facts import (
    Alert,
    AlertStatus,
    Approval,
    Change,
    Event,
    Fact,
    Incident,
    IncidentStatus,
    Label,
    Run,
    RunStatus,
    Severity,
    Shadow,
)

MOST_WORDS = 2_000
"""Characters that a search looks at."""
_ORDER = tuple(Severity)
_LATER = 9
_IN_HAND = (RunStatus.PLANNED, RunStatus.ACTING, RunStatus.VERIFYING)


class Head(NamedTuple):
    """Columns of a fact. ``urgency`` is smaller the sooner somebody must look."""

    severity: str = ""
    topic: str = ""
    """What it is about: kind of cause or change, indicator, runbook, verdict."""
    parent: str = ""
    """The incident (or run) it belongs to."""
    places: str = ""
    """Namespaces it touches: ``|shop|pay|``."""
    words: str = ""
    """What a search looks at, in lower case."""
    urgency: int = 0


def head_of(fact: Fact) -> Head:
    """The columns of ``fact``; empty for what is in no list.

    >>> head_of(Incident(id="i", title="Cart fails", severity=Severity.CRITICAL)).urgency
    0
    """
    match fact:
        case Incident():
            return _incident(fact)
        case Alert():
            return _alert(fact)
        case Run():
            return _run(fact)
        case Change():
            words = (fact.id, fact.entity, fact.summary, fact.author, fact.version_to, fact.source)
            return Head(topic=fact.kind.value, places=_places([fact.entity]), words=_words(words))
        case Approval():
            urgency = 0 if fact.status == "waiting" else _LATER
            return Head(parent=fact.run, urgency=urgency)
        case Label():
            return Head(topic=fact.verdict, parent=fact.incident)
        case Shadow():
            return Head(topic=fact.runbook, parent=fact.incident)
        case Event():
            return Head(topic=fact.kind, words=_words([fact.entity, fact.says, fact.source]))
    return Head()


def _incident(incident: Incident) -> Head:
    top = incident.causes[0] if incident.causes else None
    entities = (*incident.entities, *([top.entity] if top else ()))
    words = (incident.id, incident.title, *incident.owners, *dict.fromkeys(entities))
    urgency = _ORDER.index(incident.severity)
    if incident.status is IncidentStatus.RECOVERED:
        urgency = _LATER - 1
    elif incident.status is IncidentStatus.CLOSED:
        urgency = _LATER
    return Head(
        severity=incident.severity.value,
        topic=top.kind.value if top else "",
        places=_places(entities),
        words=_words((*words, *((top.says, top.change or "") if top else ()))),
        urgency=urgency,
    )


def _alert(alert: Alert) -> Head:
    later = 0 if alert.status is AlertStatus.FIRING else len(_ORDER)
    return Head(
        severity=alert.severity.value,
        topic=alert.indicator[:200],
        places=_places([alert.entity]),
        words=_words((alert.entity, alert.indicator, alert.says, alert.source)),
        urgency=_ORDER.index(alert.severity) + later,
    )


def _run(run: Run) -> Head:
    targets = [call.target for call in run.plan.calls] if run.plan else []
    waiting = run.status is RunStatus.WAITING
    return Head(
        topic=run.pipeline[:200],
        parent=run.incident,
        places=_places(targets),
        words=_words((run.id, run.pipeline, run.cause, run.says, *targets)),
        urgency=0 if waiting else 1 if run.status in _IN_HAND else _LATER,
    )


def _places(entities: Iterable[str]) -> str:
    """Namespaces of canonical spellings ``kind:environment/namespace/name``."""
    parts = (entity.partition(":")[2].split("/", 2) for entity in entities)
    found = sorted({part[1] for part in parts if len(part) == 3 and part[1]})
    return f"|{'|'.join(found)}|"[:700] if found else ""


def _words(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word).lower()[:MOST_WORDS]
