"""HTTP verbs of the room. ``opt["scope"]`` names the scope that a token needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import Alert, AlertStatus, Change, Entity, Fact, Label, Shadow
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.learn import MERGE, SPLIT, Priors, Tally
from opsweave.practices.aiops.regroup import grades
from opsweave.practices.aiops.service import IncidentService, Verdict
from opsweave.practices.aiops.store import IncidentStore
from opsweave.practices.aiops.verbs import Deed, Ended, IncidentVerbs

READ = {"scope": "read"}
JUDGE = {"scope": "approve"}
MAX_LIMIT = 1000
LATEST_NS = (1 << 63) - 1
"""Stores hold no later time."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Alerts to split off, or incidents to merge; ``other``: the same as text, parted by blanks."""

    ids: tuple[str, ...] = ()
    other: str = ""
    note: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys((*self.ids, *self.other.replace(",", " ").split())))


def page(limit: int, since: str | None) -> tuple[int, int | None]:
    """A checked ``limit`` and ``since`` in nanoseconds."""
    if not 1 <= limit <= MAX_LIMIT:
        raise RejectInput(f"must lie between 1 and {MAX_LIMIT}", field="limit")
    if since is None:
        return limit, None
    try:
        return limit, min(max(from_iso(since), 0), LATEST_NS)
    except ValueError as error:
        raise RejectInput(
            f"{since!r} is no time",
            field="since",
            action="write ISO 8601, for example with Z",
        ) from error


def listing(facts: list[Any]) -> dict[str, Any]:
    """The shape of every list."""
    return {"items": msgspec.to_builtins(facts)}


def handlers(
    store: IncidentStore,
    service: IncidentService,
    priors: Callable[[], Priors],
    ended: Ended = lambda _alerts: None,
    shown: Callable[[Any], Any] = lambda body: body,
) -> list[HTTPRouteHandler]:
    """Route handlers over one store; ``ended`` hears of alerts that a person ended.

    ``shown`` covers what readers may not see of the text that senders of alerts chose.
    """
    verbs = IncidentVerbs(store, service, ended)

    def find(type_: type[Fact], limit: int, since: str | None, **filters: Any) -> dict[str, Any]:
        checked, since_ns = page(limit, since)
        return listing(store.state.find(type_, limit=checked, since_ns=since_ns, **filters))

    @get("/incidents", opt=READ, sync_to_thread=True)
    def incidents(limit: int = 100, since: str | None = None) -> dict[str, Any]:
        checked, since_ns = page(limit, since)
        return listing(store.recent_incidents(since_ns=since_ns, limit=checked))

    @get("/incidents/{id_:str}", opt=READ, sync_to_thread=True)
    def incident(id_: str) -> dict[str, Any]:
        found = store.incident(id_)
        if found is None:
            raise NotFoundException(f"no incident {id_}")
        body: dict[str, Any] = msgspec.to_builtins(found)
        body["alert_facts"] = shown(msgspec.to_builtins(store.alerts(found.alerts)))
        verdicts = (store.state.get(Shadow, f"shadow-{run}") for run in found.runs)
        body["shadows"] = msgspec.to_builtins([one for one in verdicts if one is not None])
        return body

    @get("/alerts", opt=READ, sync_to_thread=True)
    def alerts(
        limit: int = 100, since: str | None = None, status: AlertStatus | None = None
    ) -> dict[str, Any]:
        found = find(Alert, limit, since, status=[status.value] if status else None)
        return {"items": shown(found["items"])}

    @get("/changes", opt=READ, sync_to_thread=True)
    def changes(
        limit: int = 100, since: str | None = None, entity: str | None = None
    ) -> dict[str, Any]:
        return find(Change, limit, since, entity=entity)

    @get("/entities", opt=READ, sync_to_thread=True)
    def entities(limit: int = 1000) -> dict[str, Any]:
        return find(Entity, limit, None)

    looks = [incidents, incident, alerts, changes, entities]
    return [*looks, *_doing(service, verbs), *_learning(store, service, priors)]


def _doing(service: IncidentService, verbs: IncidentVerbs) -> list[HTTPRouteHandler]:
    """What people do with incidents."""

    @post("/incidents/actions", opt=JUDGE, sync_to_thread=True)
    def act(data: Deed, request: Request[Any, Any, Any]) -> dict[str, Any]:
        done = verbs.act(data, by=request.state.principal.who)
        body: dict[str, Any] = msgspec.to_builtins(done)
        return body

    def moved(verdict: str, id_: str, data: Chosen, request: Request[Any, Any, Any]) -> Any:
        asked = Verdict(incident=id_, verdict=verdict, other=data.all, note=data.note)
        return msgspec.to_builtins(service.judge(asked, by=request.state.principal.who))

    @post("/incidents/{id_:str}/split", opt=JUDGE, sync_to_thread=True)
    def split(id_: str, data: Chosen, request: Request[Any, Any, Any]) -> dict[str, Any]:
        body: dict[str, Any] = moved(SPLIT, id_, data, request)
        return body

    @post("/incidents/{id_:str}/merge", opt=JUDGE, sync_to_thread=True)
    def merge(id_: str, data: Chosen, request: Request[Any, Any, Any]) -> dict[str, Any]:
        body: dict[str, Any] = moved(MERGE, id_, data, request)
        return body

    @post("/incidents/{id_:str}/resolve", opt=JUDGE, sync_to_thread=True)
    def resolve(id_: str, data: Chosen, request: Request[Any, Any, Any]) -> dict[str, Any]:
        done = verbs.resolve(id_, data.all, data.note, by=request.state.principal.who)
        body: dict[str, Any] = msgspec.to_builtins(done)
        return body

    return [act, split, merge, resolve]


def _learning(
    store: IncidentStore, service: IncidentService, priors: Callable[[], Priors]
) -> list[HTTPRouteHandler]:
    """Verdicts, and what they have taught."""

    @get("/labels", opt=READ, sync_to_thread=True)
    def labels(limit: int = 100, since: str | None = None) -> dict[str, Any]:
        checked, since_ns = page(limit, since)
        return listing(store.state.find(Label, limit=checked, since_ns=since_ns))

    @get("/priors", opt=READ, sync_to_thread=True)
    def learnt() -> dict[str, Any]:
        now = priors()
        said = {name: _weights(getattr(now, name)) for name in ("kinds", "runbooks", "symptoms")}
        for fingerprint, entry in said["symptoms"].items():
            at = now.noisy_at.get(fingerprint)
            entry["noise_up_to"] = at if at is not None and now.noise(fingerprint, at) else None
        return said

    @get("/grouping", opt=READ, sync_to_thread=True)
    def grouping() -> dict[str, Any]:
        """How good the grouping was by what people merged and split."""
        found = grades(store.labels(), store)
        names = ("precision", "recall", "alerts")
        return {name: getattr(found, name).told() for name in names}

    @post("/labels", opt=JUDGE, sync_to_thread=True)
    def label(data: Verdict, request: Request[Any, Any, Any]) -> dict[str, Any]:
        made = service.judge(data, by=request.state.principal.who)
        body: dict[str, Any] = msgspec.to_builtins(made)
        return body

    return [labels, learnt, grouping, label]


def _weights(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Each weight with the counts behind it."""
    return {
        name: {"right": tally.right, "wrong": tally.wrong, "weight": round(tally.weight, 4)}
        for name, tally in tallies.items()
    }
