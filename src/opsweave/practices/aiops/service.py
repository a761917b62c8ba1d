"""Verbs of the room for people: look, and say what was right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from opsweave.facts import Alert, Incident, IncidentStatus, Join, Label, Run, Severity
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import new_id
from opsweave.practices.aiops.learn import MERGE, NOISE, ORDER, SPLIT, VERDICTS
from opsweave.practices.aiops.store import IncidentStore, move, note
from opsweave.record.state import Where

LOOKED_AT = 100
"""Verdicts on one incident, the newest, among which one's own last is looked for."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator says of an incident. ``other``: incidents to merge, or alerts to split."""

    incident: str
    verdict: str
    other: tuple[str, ...] = ()
    note: str = ""


class IncidentService:
    """Labels with who and when; merges and splits move alerts and are explained as joins."""

    def __init__(self, store: IncidentStore, clock: Clock) -> None:
        self._store, self.clock = store, clock
        self.verdicts = 0
        """How many were given since the start: what was learnt before one is out of date."""

    def judge(self, verdict: Verdict, *, by: str) -> Label:
        """Store a label and carry it out; who says the same again is given what they said before.
        RejectInput when it names what is not there."""
        if verdict.verdict not in VERDICTS:
            raise RejectInput(
                f"{verdict.verdict!r} is no verdict",
                field="verdict",
                action=f"use one of {', '.join(VERDICTS)}",
            )
        with self._store.lock:
            incident = self._known(verdict.incident, "incident")
            now = self.clock.now_ns()
            alerts = self._store.alerts(incident.alerts)
            symptoms = self._symptoms(alerts)
            top = incident.causes[0] if incident.causes else None
            label = Label(
                id=new_id("label", now),
                incident=incident.id,
                verdict=verdict.verdict,
                by=by,
                at_ns=now,
                cause_kind=top.kind.value if top else "",
                entity=top.entity if top else "",
                runbook=self._runbook(incident),
                other=verdict.other,
                fingerprints=tuple(symptoms),
                severities=tuple(symptoms.values()),
                note=verdict.note,
            )
            if (said := self._said(label, incident)) is not None:
                return said
            incident = note(incident, now, "label", f"{by}: {verdict.verdict}", label.id)
            with self._store.state.transaction():
                self._carry_out(incident, alerts, verdict, now, by)
                self._store.state.put(label)
                self._store.state.audit(
                    at_ns=now,
                    principal=by,
                    verb=f"label {verdict.verdict}",
                    object_=incident.id,
                )
            self.verdicts += 1
        return label

    def _said(self, label: Label, incident: Incident) -> Label | None:
        """Their last verdict on the incident, when it is the same and nothing is left to do."""
        if label.verdict in (MERGE, SPLIT):
            return None
        if label.verdict == NOISE and incident.status is not IncidentStatus.CLOSED:
            return None
        known = self._store.state.page(Label, Where(parent=(incident.id,)), limit=LOOKED_AT).facts
        last = next((one for one in known if one.by == label.by), None)
        same = last and msgspec.structs.replace(label, id=last.id, at_ns=last.at_ns) == last
        return last if same else None

    def _carry_out(
        self, incident: Incident, alerts: Sequence[Alert], verdict: Verdict, now: int, by: str
    ) -> None:
        if verdict.verdict == MERGE:
            others = [self._known(id_, "other") for id_ in verdict.other]
            incident = self._merge(incident, alerts, others, now, by)
        elif verdict.verdict == SPLIT:
            incident = self._split(incident, alerts, verdict.other, now, by)
        elif verdict.verdict == NOISE and incident.status is not IncidentStatus.CLOSED:
            incident = move(incident, IncidentStatus.CLOSED, now, f"{by} called it noise")
            incident = msgspec.structs.replace(incident, closed_ns=now)
        self._store.save(incident)

    @staticmethod
    def _symptoms(alerts: Iterable[Alert]) -> dict[str, Severity]:
        """Fingerprint -> the worst that it was."""
        falling = sorted((a for a in alerts if a.symptom), key=lambda a: -ORDER.index(a.severity))
        return {a.fingerprint: a.severity for a in falling}

    def _runbook(self, incident: Incident) -> str:
        """The one that acted last; what was only proposed has neither helped nor harmed."""
        runs = (self._store.state.get(Run, id_) for id_ in reversed(incident.runs))
        acted = (run for run in runs if run is not None and run.verified is not None)
        return next((run.plan.runbook for run in acted if run.plan), "")

    def _known(self, id_: str, field: str) -> Incident:
        incident = self._store.incident(id_)
        if incident is None:
            raise RejectInput(f"no incident {id_!r}", field=field, action="list the incidents")
        return incident

    def _merge(
        self,
        incident: Incident,
        alerts: Sequence[Alert],
        others: Sequence[Incident],
        now: int,
        by: str,
    ) -> Incident:
        if not others or any(other.id == incident.id for other in others):
            raise RejectInput("needs other incidents", field="other", action="name them by id")
        if incident.status is IncidentStatus.CLOSED:
            raise RejectInput(
                f"{incident.id} is closed", field="incident", action="merge into one that is live"
            )
        before = incident.alerts
        there = set(before)
        for other in others:
            says = f"merged by {by} from {other.id}"
            moved = tuple(a for a in other.alerts if a not in there)
            there.update(moved)
            incident = msgspec.structs.replace(
                incident,
                alerts=incident.alerts + moved,
                joins=incident.joins
                + tuple(Join(alert=alert, rule="operator", says=says) for alert in moved),
                entities=tuple(dict.fromkeys(incident.entities + other.entities)),
                started_ns=min(incident.started_ns, other.started_ns),
                apart=tuple(dict.fromkeys(incident.apart + other.apart)),
            )
            incident = note(incident, now, "merge", says, other.id)
            if other.status is not IncidentStatus.CLOSED:
                closed = move(other, IncidentStatus.CLOSED, now, f"merged into {incident.id}")
                self._store.save(msgspec.structs.replace(closed, closed_ns=now))
        came = self._store.alerts(incident.alerts[len(before) :])
        together = {alert.fingerprint for alert in (*alerts, *came)}
        apart = tuple(f for f in incident.apart if f not in together)
        return msgspec.structs.replace(incident, apart=apart)

    def _split(
        self,
        incident: Incident,
        alerts: Sequence[Alert],
        chosen: Sequence[str],
        now: int,
        by: str,
    ) -> Incident:
        gone = dict.fromkeys(chosen)
        if not gone or not set(gone) < set(incident.alerts):
            raise RejectInput(
                "must be some, not all, of the incident's alerts",
                field="other",
                action="name the alerts that belong elsewhere by id",
            )
        facts = [alert for alert in alerts if alert.id in gone]
        rest = [alert for alert in alerts if alert.id not in gone]
        kept = tuple(a for a in incident.alerts if a not in gone)
        leaving = dict.fromkeys(alert.fingerprint for alert in facts)
        stays = dict.fromkeys(alert.fingerprint for alert in rest)
        staying = tuple(print_ for print_ in stays if print_ not in leaving)
        says = f"split by {by} from {incident.id}"
        fresh = Incident(
            id=new_id("inc", now),
            tenant=incident.tenant,
            title=f"{incident.title} (split)",
            severity=incident.severity,
            entities=tuple(dict.fromkeys(a.entity for a in facts)),
            alerts=tuple(gone),
            joins=tuple(Join(alert=a, rule="operator", says=says) for a in gone),
            apart=staying,
            started_ns=min((a.started_ns for a in facts), default=incident.started_ns),
            opened_ns=now,
        )
        self._store.save(note(fresh, now, "split", says, incident.id))
        incident = msgspec.structs.replace(
            incident,
            alerts=kept,
            joins=tuple(join for join in incident.joins if join.alert not in gone),
            apart=tuple(dict.fromkeys((*incident.apart, *leaving))),
            entities=tuple(dict.fromkeys(alert.entity for alert in rest)),
        )
        return note(incident, now, "split", f"{by} split off {fresh.id}", fresh.id)
