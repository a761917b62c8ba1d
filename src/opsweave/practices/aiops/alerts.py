"""Alerts that are firing now: the detector's, the SLOs' and those of foreign tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from opsweave.analysis.signal import Deviation
from opsweave.facts import Alert, AlertStatus, Evidence, Severity
from opsweave.facts.alert import episode_id, fingerprint_of
from opsweave.kernel.clock import SECOND
from opsweave.kernel.ids import DEFAULT_TENANT

REWRITE_NS = 15 * SECOND
"""An alert that goes on is written again at most this often."""
SEVERE = 0.9
MAX_FIRING = 10_000
"""Beyond it no foreign alert is taken up; our own are bounded by the series there are."""
OWN = ("detector", "slo")
"""Sources of alerts that are ours."""

IsSymptom = Callable[[Deviation], bool]


class AlertBook:
    """Turns episodes of series into alerts with one identity each; remembers what fires."""

    def __init__(self, is_symptom: IsSymptom, unit_of: Callable[[str], str]) -> None:
        self._is_symptom, self._unit_of = is_symptom, unit_of
        self._firing: dict[str, Alert] = {}
        self._written: dict[str, int] = {}
        self._by_hand: dict[str, Alert] = {}
        """Ended by a person; their own tool may still say so, and then that counts."""
        self.refused = 0
        """How often an alert was not taken up, because the book is full."""

    def restore(self, alerts: Iterable[Alert]) -> None:
        """Take up the alerts that were firing when the process ended."""
        for alert in alerts:
            if alert.status is AlertStatus.FIRING:
                self._firing[alert.fingerprint] = alert

    def firing(self) -> list[Alert]:
        return list(self._firing.values())

    def note_deviations(self, deviations: Iterable[Deviation], now_ns: int) -> list[Alert]:
        """Alerts that began, went on visibly, or ended."""
        changed = []
        for deviation in deviations:
            fingerprint = fingerprint_of(DEFAULT_TENANT, "detector", str(deviation.key))
            alert = self._detected(deviation, fingerprint, now_ns)
            if alert is not None and self._keep(alert, now_ns):
                changed.append(alert)
        return changed

    def note_alerts(self, alerts: Iterable[Alert], now_ns: int) -> list[Alert]:
        """The same for alerts that are facts already; resolved before firing stays unheard."""
        changed = []
        for alert in alerts:
            known = self._firing.get(alert.fingerprint)
            if alert.status is AlertStatus.RESOLVED and known is None:
                known = self._by_hand.get(alert.fingerprint)
                if known is None or alert.ended_by:
                    continue
            if known is not None and alert.id != known.id:
                alert = msgspec.structs.replace(alert, id=known.id, started_ns=known.started_ns)
            if self._keep(alert, now_ns):
                changed.append(alert)
        return changed

    def resolve_unheard(self, source: str, before_ns: int, now_ns: int) -> list[Alert]:
        """End alerts of ``source`` unconfirmed since ``before_ns`` (after a restart)."""
        stale = [
            a for a in self._firing.values() if a.source == source and a.updated_ns < before_ns
        ]
        ended = []
        for alert in stale:
            says = f"{alert.says} (ended: no longer observed)"
            resolved = msgspec.structs.replace(
                alert,
                status=AlertStatus.RESOLVED,
                ended_ns=now_ns,
                updated_ns=now_ns,
                says=says,
            )
            del self._firing[alert.fingerprint]
            ended.append(resolved)
        return ended

    def _keep(self, alert: Alert, now_ns: int) -> bool:
        self._by_hand.pop(alert.fingerprint, None)
        if alert.status is AlertStatus.RESOLVED:
            if alert.ended_by and len(self._by_hand) < MAX_FIRING:
                self._by_hand[alert.fingerprint] = alert
            self._firing.pop(alert.fingerprint, None)
            self._written.pop(alert.fingerprint, None)
            return True
        known = self._firing.get(alert.fingerprint)
        foreign = alert.source not in OWN
        if known is None and foreign and len(self._firing) >= MAX_FIRING:
            self.refused += 1
            return False
        self._firing[alert.fingerprint] = alert
        fresh = known is None or known.severity is not alert.severity
        if fresh or now_ns - self._written.get(alert.fingerprint, 0) >= REWRITE_NS:
            self._written[alert.fingerprint] = now_ns
            return True
        return False

    def _detected(self, deviation: Deviation, fingerprint: str, now_ns: int) -> Alert | None:
        known = self._firing.get(fingerprint)
        if not deviation.active and known is None:
            return None
        key = deviation.key
        started = known.started_ns if known else deviation.since_ns
        symptom = known.symptom if known and known.symptom else self._is_symptom(deviation)
        status = AlertStatus.FIRING if deviation.active else AlertStatus.RESOLVED
        return Alert(
            id=known.id if known else episode_id(fingerprint, started),
            fingerprint=fingerprint,
            source="detector",
            entity=key.entity,
            indicator=key.indicator,
            severity=self._severity(deviation, known, symptom=symptom),
            status=status,
            symptom=symptom,
            says=deviation.reason,
            unit=self._unit_of(key.indicator),
            seen=deviation.seen,
            expected_low=deviation.low,
            expected_high=deviation.high,
            score=deviation.score,
            started_ns=started,
            observed_ns=known.observed_ns if known else deviation.at_ns,
            updated_ns=now_ns,
            ended_ns=None if deviation.active else deviation.at_ns,
            labels={"peer": key.peer} if key.peer else {},
            evidence=(
                Evidence(
                    id=f"signal:telemetry:{key}@{deviation.since_ns}",
                    says=deviation.reason,
                    n=max(1, deviation.n),
                ),
            ),
        )

    @staticmethod
    def _severity(deviation: Deviation, known: Alert | None, *, symptom: bool) -> Severity:
        if not symptom:
            return Severity.INFO
        if known is not None and known.severity is Severity.CRITICAL:
            return Severity.CRITICAL
        return Severity.CRITICAL if deviation.score >= SEVERE else Severity.WARNING
