"""What other channels say of the trouble that a change would explain."""

from __future__ import annotations

from opsweave.analysis.causality.clues.changes.blast import Reach
from opsweave.analysis.causality.clues.changes.heard import explains, said
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Opinion, Suspect

REACH = Reach(
    Dossier(
        start_ns=0, end_ns=1,
        edges=(("web", "cart", "calls"), ("cart-1", "cart", "part_of"),
               ("web", "mail", "calls")),
    )
)  # fmt: skip
HEARD = {
    "metrics": Opinion(
        channel="metrics",
        suspects=(Suspect(entity="web", nats=4.0), Suspect(entity="cart-1", nats=2.0)),
    ),
    "logs": Opinion(channel="logs", suspects=(Suspect(entity="web", nats=1.0),)),
}


def test_channels_are_added():
    assert said(HEARD) == {"web": 5.0, "cart-1": 2.0}


def test_a_callee_explains_its_caller_nearly_as_well_as_it_does_itself():
    assert explains("cart", REACH, said(HEARD)) == 4.5
    assert explains("web", REACH, said(HEARD)) == 0.0


def test_instances_speak_for_their_service():
    assert explains("cart", REACH, {"cart-1": 2.0}) == 2.0
    assert explains("mail", REACH, {"cart-1": 2.0}) == 0.0
