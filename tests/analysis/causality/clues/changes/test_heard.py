"""What other channels say of the trouble that a change would explain."""

from __future__ import annotations

import pytest

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


def test_each_channel_is_kept_apart():
    assert said(HEARD) == {"metrics": {"web": 4.0, "cart-1": 2.0}, "logs": {"web": 1.0}}


def test_a_callee_explains_its_caller_nearly_as_well_as_it_does_itself():
    assert explains("cart", REACH, said(HEARD)) == 4.5
    assert explains("web", REACH, said(HEARD)) == 0.0


def test_whoever_requests_passed_well_does_not_explain_the_trouble_of_its_caller():
    seen = {"metrics": {"web": 4.0, "cart": -1.0}, "spans": {"web": 9.0, "cart": -1.0}}
    assert explains("cart", REACH, seen) == pytest.approx(0.9 * 4.0 + 1.0)
    assert explains("mail", REACH, seen) == pytest.approx(0.9 * 13.0)


def test_instances_speak_for_their_service():
    assert explains("cart", REACH, {"metrics": {"cart-1": 2.0}}) == 2.0
    assert explains("mail", REACH, {"metrics": {"cart-1": 2.0}}) == 0.0
