"""Says from the record whether a predicate of a recovery holds now."""

from __future__ import annotations

from collections.abc import Callable

from opsweave.facts import Alert, AlertStatus, Incident, Predicate
from opsweave.practices.aiops.store import IncidentStore

Verdict = tuple[bool | None, str]
Band = Callable[[str, str], tuple[bool | None, str]]
"""(entity, indicator) -> inside the expected band? None: no data. With one sentence."""
Contested = Callable[[str], frozenset[str]]
"""Incident -> entities that suffer from another live incident too."""


class RecordVerifier:
    """``alerts_resolved`` reads the incident's symptoms, ``indicator_in_band`` the detector."""

    def __init__(
        self,
        store: IncidentStore,
        in_band: Band,
        contested: Contested = lambda _incident: frozenset(),
    ) -> None:
        self._store, self._in_band, self._contested = store, in_band, contested

    def holds(self, predicate: Predicate, *, incident: str) -> Verdict:
        """True, False or None (no data), with one sentence of evidence."""
        if predicate.kind == "alerts_resolved":
            return self._resolved(predicate, incident)
        if predicate.kind == "indicator_in_band":
            return self._in_band(predicate.entity, predicate.indicator)
        return None, f"nobody here can check {predicate.kind!r}"

    def _resolved(self, predicate: Predicate, incident: str) -> Verdict:
        fact = self._store.incident(incident)
        if fact is None:
            return None, f"no incident {incident}"
        alerts = self._store.alerts(fact.alerts)
        symptoms = [a for a in alerts if self._concerns(a, predicate)]
        contested = self._contested(incident)
        if contested and symptoms:
            symptoms = _uncontested(fact, alerts, symptoms, contested)
        elif not predicate.entity:
            symptoms = symptoms or signs_of(fact, alerts)
        if not symptoms:
            return None, "the incident has no symptom that could be checked"
        firing = [a for a in symptoms if a.status is AlertStatus.FIRING]
        if firing:
            worst = firing[0]
            return (
                False,
                f"{len(firing)} of {len(symptoms)} symptoms still fire: {worst.says}",
            )
        by_hand = sorted({a.ended_by for a in symptoms if a.ended_by})
        if by_hand:
            return None, f"a symptom was ended by {', '.join(by_hand)}, not by its own tool"
        return True, f"all {len(symptoms)} symptoms have resolved"

    @staticmethod
    def _concerns(alert: Alert, predicate: Predicate) -> bool:
        # A burn alert looks back over its window and so outlives the fault by design.
        return (
            alert.symptom
            and alert.source != "slo"
            and (not predicate.entity or alert.entity == predicate.entity)
        )


def _uncontested(
    incident: Incident, alerts: list[Alert], symptoms: list[Alert], contested: frozenset[str]
) -> list[Alert]:
    """Symptoms that no other live incident can keep firing; where all can be, what the detector
    said of the entity that was cured."""
    own = [alert for alert in symptoms if alert.entity not in contested]
    return own or signs_of(incident, alerts) or symptoms


def signs_of(incident: Incident, alerts: list[Alert]) -> list[Alert]:
    """What the detector said of the entity that the incident names as its cause: for incidents
    without a symptom that can be checked, as one that only a burn alert opened."""
    cause = incident.causes[0].entity if incident.causes else ""
    return [alert for alert in alerts if alert.entity == cause and not alert.symptom]
