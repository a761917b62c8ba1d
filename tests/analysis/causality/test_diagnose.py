"""How opinions are pooled; what each channel knows is tested with the channel."""

import math

from opsweave.analysis.causality.diagnose import diagnose
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Opinion, Suspect

DOSSIER = Dossier(start_ns=0, end_ns=1)


def channel(name, *suspects):
    return lambda dossier, heard: Opinion(channel=name, suspects=suspects)


def test_nobody_accused_no_answer():
    answer = diagnose(DOSSIER, channels={"quiet": channel("quiet")})
    assert (answer.causes, answer.no_change_is_guilty) == ((), None)


def test_nats_of_channels_add_up():
    one = channel("one", Suspect(entity="a", nats=1.0), Suspect(entity="b", nats=1.5))
    two = channel("two", Suspect(entity="a", nats=1.0))
    answer = diagnose(DOSSIER, channels={"one": one, "two": two})
    assert [c.entity for c in answer.causes] == ["a", "b"]
    assert answer.causes[0].parts == {"one": 1.0, "two": 1.0}


def test_confidences_and_none_of_these_add_up_to_one():
    one = channel("one", Suspect(entity="a", nats=2.0), Suspect(entity="b", nats=0.0))
    answer = diagnose(DOSSIER, channels={"one": one})
    total = 1 + math.exp(2.0) + math.exp(0.0)
    assert math.isclose(sum(c.confidence for c in answer.causes) + 1 / total, 1.0, abs_tol=1e-3)


def test_a_change_stands_on_what_is_said_of_its_entity():
    signals = channel("signals", Suspect(entity="a", nats=2.0), Suspect(entity="b", nats=1.0))
    changes = channel(
        "changes",
        Suspect(entity="a", change="innocent", nats=-3.0),
        Suspect(entity="b", change="guilty", nats=3.0),
    )
    answer = diagnose(DOSSIER, channels={"signals": signals, "changes": changes})
    first = answer.causes[0]
    assert (first.entity, first.change, first.score) == ("b", "guilty", 4.0)
    assert answer.causes[1].change is None


def test_a_channel_left_out_is_not_asked():
    def fails(dossier, heard):
        raise AssertionError

    one = channel("one", Suspect(entity="a", nats=1.0))
    answer = diagnose(DOSSIER, channels={"one": one, "fails": fails}, without=frozenset({"fails"}))
    assert answer.causes[0].entity == "a"


def test_later_channels_hear_earlier_ones():
    def listens(dossier, heard):
        return Opinion(
            channel="listens", suspects=(Suspect(entity=heard["one"].suspects[0].entity, nats=9.0),)
        )

    answer = diagnose(
        DOSSIER,
        channels={"one": channel("one", Suspect(entity="a", nats=1.0)), "listens": listens},
    )
    assert answer.causes[0].score == 10.0


def test_a_change_that_adds_nothing_is_dismissed_with_its_reason():
    signals = channel("signals", Suspect(entity="a", nats=2.0))
    changes = channel(
        "changes", Suspect(entity="a", change="late", nats=-2.0, says="came after the trouble")
    )
    answer = diagnose(DOSSIER, channels={"signals": signals, "changes": changes})
    assert [c.change for c in answer.causes] == [None]
    assert [(d.change, d.reason) for d in answer.dismissed] == [("late", "came after the trouble")]
    assert answer.no_change_is_guilty == answer.causes[0].confidence


def test_nobody_in_particular_is_no_cause():
    one = channel("one", Suspect(entity="", nats=5.0), Suspect(entity="a", nats=1.0))
    assert [c.entity for c in diagnose(DOSSIER, channels={"one": one}).causes] == ["a"]


def test_what_the_nats_of_a_channel_are_the_sum_of_is_shown_part_by_part():
    sums = channel("sums", Suspect(entity="a", nats=1.5, parts={"when": 2.0, "where": -0.5}))
    other = channel("other", Suspect(entity="a", nats=1.0, parts={"loud": 7.0}))
    top = diagnose(DOSSIER, channels={"sums": sums, "other": other}).causes[0]
    assert top.parts == {"sums.when": 2.0, "sums.where": -0.5, "other": 1.0}
    assert top.score == sum(top.parts.values())
