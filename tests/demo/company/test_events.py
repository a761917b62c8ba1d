from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.demo.company.events import Sender, Spool, cdevent
from opsweave.facts.change import ChangeKind
from opsweave.integrations.cloudevents.cdevents import change_of
from opsweave.integrations.cloudevents.envelope import Envelope
from opsweave.kernel.ids import DEFAULT_TENANT

ENTITY = "service:demo/shop/cart"


def test_an_event_reads_back_as_the_change_it_tells_of() -> None:
    event = cdevent(
        id="cart-deployment-1",
        kind="deployment",
        entity=ENTITY,
        at=1_700_000_000.5,
        version_from="a",
        version_to="b",
        outcome="rolledback",
        caused_by="run-1:2",
    )
    envelope = Envelope(
        id=event["id"],
        source=event["source"],
        type=event["type"],
        subject="",
        at_ns=0,
        data=event["data"],
        whole=event,
    )
    change = change_of(envelope, tenant=DEFAULT_TENANT, received_ns=1)
    assert change is not None
    assert (change.id, change.kind) == ("cart-deployment-1", ChangeKind.DEPLOYMENT)
    assert (change.entity, change.version_to, change.outcome) == (ENTITY, "b", "rolledback")
    assert (change.at_ns, change.caused_by) == (1_700_000_000_500_000_000, "run-1:2")


def test_the_same_change_makes_the_same_event() -> None:
    one = cdevent(id="x", kind="flag", entity=ENTITY, at=1.0)
    assert one == cdevent(id="x", kind="flag", entity=ENTITY, at=1.0)


def test_events_stay_until_they_are_accepted(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for name in ("first", "second"):
        spool.put(cdevent(id=name, kind="flag", entity=ENTITY, at=1.0))
    waiting = [msgspec.json.decode(path.read_bytes())["data"] for path in spool.waiting()]
    assert [one["customData"]["opsweave"]["id"] for one in waiting] == ["first", "second"]
    nobody = Sender(spool, "http://127.0.0.1:1", "secret")
    assert not nobody._send(b"{}")
    assert len(spool.waiting()) == 2
