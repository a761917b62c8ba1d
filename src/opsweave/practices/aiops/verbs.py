"""What people do with incidents, one or many at once: acknowledge, assign, close, judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import msgspec

from opsweave.facts import Alert, AlertStatus, Incident, IncidentStatus
from opsweave.kernel.errors import NotThere, OpsweaveError, RejectInput
from opsweave.practices.aiops.alerts import OWN
from opsweave.practices.aiops.learn import NOISE, RIGHT, WRONG
from opsweave.practices.aiops.service import IncidentService, Verdict
from opsweave.practices.aiops.store import IncidentStore, move, note

MOST_AT_ONCE = 500
Ended = Callable[[Sequence[Alert]], None]
"""Told of alerts that a person ended, so that the loop's book lets go of them."""
Word = Annotated[str, msgspec.Meta(max_length=200)]
Verb = Literal["acknowledge", "assign", "close", "noise", "right_cause", "wrong_cause"]
_VERDICTS = (NOISE, RIGHT, WRONG)


class Deed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One verb on the incidents ``ids``. ``to``: whom it is assigned to, oneself when empty."""

    verb: Verb
    ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    to: Word = ""
    note: Annotated[str, msgspec.Meta(max_length=4_000)] = ""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that it was done to, and why not to the others."""

    done: tuple[str, ...] = ()
    refused: dict[str, str] = {}


class IncidentVerbs:
    """All in one transaction; an incident that refuses is left out and does not stop the rest."""

    def __init__(
        self,
        store: IncidentStore,
        service: IncidentService,
        ended: Ended = lambda _alerts: None,
    ) -> None:
        self._store, self._service, self._clock = store, service, service.clock
        self._ended = ended

    def act(self, deed: Deed, *, by: str) -> Done:
        """Do it. Raises what the first one raised when it could be done to none."""
        done: list[str] = []
        refused: dict[str, OpsweaveError] = {}
        with self._store.lock, self._store.state.transaction():
            for id_ in dict.fromkeys(deed.ids):
                try:
                    # Refuses before it writes anything.
                    self._one(deed, id_, by)
                    done.append(id_)
                except RejectInput as error:
                    refused[id_] = error
        if not done:
            raise next(iter(refused.values()))
        return Done(done=tuple(done), refused={id_: str(why) for id_, why in refused.items()})

    def resolve(self, incident: str, ids: tuple[str, ...], why: str, *, by: str) -> Done:
        """End alerts of an incident that their own tool forgot; ours end by themselves."""
        with self._store.lock, self._store.state.transaction():
            known = self._store.incident(incident)
            if known is None:
                raise NotThere(f"no incident {incident!r}", field="id", action="list the incidents")
            mine = set(known.alerts)
            alerts = self._store.alerts(id_ for id_ in dict.fromkeys(ids) if id_ in mine)
            refused = {id_: "is no alert of this incident" for id_ in ids if id_ not in mine}
            refused |= {a.id: says for a in alerts if (says := _why_not(a))}
            now = self._clock.now_ns()
            over = [_over(alert, by, now) for alert in alerts if alert.id not in refused]
            if not over:
                raise RejectInput(
                    "; ".join(sorted(set(refused.values()))) or "names no alert",
                    field="ids",
                    action="choose alerts of other tools that still fire",
                )
            self._store.put_alerts(over)
            says = f"{by} ended {len(over)} alerts" + (f": {why}" if why else "")
            self._store.save(note(known, now, "resolve", says))
            self._store.state.audit(
                at_ns=now, principal=by, verb="alerts resolve", object_=incident, says=says
            )
        self._ended(over)
        return Done(done=tuple(alert.id for alert in over), refused=refused)

    def _one(self, deed: Deed, id_: str, by: str) -> None:
        if deed.verb in _VERDICTS:
            verdict = Verdict(incident=id_, verdict=deed.verb, note=deed.note)
            self._service.judge(verdict, by=by)
            return
        incident = self._store.incident(id_)
        if incident is None:
            raise NotThere(f"no incident {id_!r}", field="ids", action="list the incidents")
        if incident.status is IncidentStatus.CLOSED:
            raise RejectInput(f"{id_} is closed", field="ids", action="choose one that is live")
        self._store.save(self._changed(incident, deed, by))
        self._store.state.audit(
            at_ns=self._clock.now_ns(),
            principal=by,
            verb=f"incident {deed.verb}",
            object_=id_,
            says=": ".join(word for word in (deed.to, deed.note) if word),
        )

    def _changed(self, incident: Incident, deed: Deed, by: str) -> Incident:
        now, because = self._clock.now_ns(), f": {deed.note}" if deed.note else ""
        if deed.verb == "close":
            closed = move(incident, IncidentStatus.CLOSED, now, f"closed by {by}{because}")
            return msgspec.structs.replace(closed, closed_ns=now)
        if deed.verb == "assign":
            to = deed.to.strip() or by
            said = note(incident, now, "assign", f"{by} gave it to {to}{because}")
            return msgspec.structs.replace(said, owners=(to,))
        if incident.acknowledged_ns is not None and by in incident.owners:
            return incident
        said = note(incident, now, "acknowledge", f"{by} looks at it{because}")
        return msgspec.structs.replace(
            said,
            acknowledged_ns=incident.acknowledged_ns or now,
            owners=tuple(dict.fromkeys((*incident.owners, by))),
        )


def _why_not(alert: Alert) -> str:
    if alert.source in OWN:
        return "ends by itself once its indicator is back"
    return "has ended already" if alert.status is AlertStatus.RESOLVED else ""


def _over(alert: Alert, by: str, now_ns: int) -> Alert:
    return msgspec.structs.replace(
        alert,
        status=AlertStatus.RESOLVED,
        ended_ns=now_ns,
        updated_ns=now_ns,
        ended_by=by,
        says=f"{alert.says} (ended by {by})",
    )
