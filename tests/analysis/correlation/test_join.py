"""Which incident an alert joins, and why not."""

from opsweave.analysis.correlation import Group, best_join
from opsweave.facts import Alert

S = 1_000_000_000
LINE = ["a", "b", "c", "d", "e", "f", "g"]


def distance(one: str, other: str) -> int | None:
    if one not in LINE or other not in LINE:
        return None
    return abs(LINE.index(one) - LINE.index(other))


def alert(entity: str, at_s: float, *, symptom: bool = True, **labels: str) -> Alert:
    name = f"{entity}-{at_s:g}"
    return Alert(
        id=name, fingerprint=name, source="test", entity=entity, indicator="latency_p95",
        symptom=symptom, started_ns=int(at_s * S), labels=labels,
    )  # fmt: skip


def group(name: str, *entities: str, at_s: float = 1000, **more) -> Group:
    more.setdefault("fingerprints", frozenset())
    return Group(
        id=name, entities=entities, started_ns=int(at_s * S), active_ns=int(at_s * S), **more
    )


def test_a_neighbour_at_that_time_joins_with_the_reason():
    id_, join = best_join(alert("b", 1010), [group("one", "a")], distance)
    assert id_ == "one"
    assert join.rule == "topology"
    assert "1 hop from a" in join.says


def test_the_nearest_incident_wins():
    groups = [group("far", "e"), group("near", "b")]
    assert best_join(alert("c", 1005), groups, distance)[0] == "near"


def test_evidence_joins_only_beside_the_incident():
    assert best_join(alert("b", 1005, symptom=False), [group("one", "a")], distance)
    assert best_join(alert("c", 1005, symptom=False), [group("one", "a")], distance) is None


def test_far_away_long_before_and_long_after_stay_apart():
    groups = [group("one", "a")]
    assert best_join(alert("g", 1005), groups, distance) is None
    assert best_join(alert("b", 700), groups, distance) is None
    assert best_join(alert("b", 1400), groups, distance) is None
    assert best_join(alert("elsewhere", 1005), groups, distance) is None


def test_the_same_alert_comes_back_to_its_incident():
    back = alert("g", 3000)
    found = best_join(back, [group("one", "a", fingerprints=frozenset({"g-3000"}))], distance)
    assert found[1].rule == "content"


def test_one_shared_label_or_an_empty_one_is_not_enough():
    pair = frozenset({("team", "x"), ("region", "eu"), ("zone", "")})
    groups = [group("one", "a", labels=pair)]
    assert best_join(alert("?", 1001, team="x"), groups, distance) is None
    assert best_join(alert("?", 1001, team="x", zone=""), groups, distance) is None
    assert best_join(alert("?", 1001, team="x", region="eu"), groups, distance)[1].score == 0.5


def test_an_alert_of_no_entity_never_joins_by_topology():
    lost = alert("b", 1001, **{"opsweave.unattributed": "true"})
    assert best_join(lost, [group("one", "b")], distance) is None


def test_a_group_does_not_grow_without_bound():
    assert best_join(alert("b", 1001), [group("one", "a", size=500)], distance) is None
