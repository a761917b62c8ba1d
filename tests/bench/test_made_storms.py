from collections import Counter

from opsweave.bench.storms import Shape, storm


def test_a_seed_is_a_storm():
    assert storm(3) == storm(3)
    assert storm(3) != storm(4)


def test_alerts_come_in_order_of_known_entities_and_have_a_truth():
    one = storm(1)
    times = [alert["starts_at"] for alert in one.alerts]
    assert times == sorted(times)
    known = {node["id"] for node in one.graph["nodes"]}
    assert {alert["entity"] for alert in one.alerts} <= known
    assert set(one.truth) == {alert["id"] for alert in one.alerts}
    assert {end for edge in one.graph["edges"] for end in edge[:2]} <= known


def test_every_incident_shows_itself_and_noise_is_alone():
    sizes = Counter(storm(2, Shape(noise=0.5)).truth.values())
    assert sum(group.startswith("i") for group in sizes) == 14
    assert all(n == 1 for group, n in sizes.items() if group.startswith("n"))


def test_truth_is_not_told_in_the_alerts():
    for alert in storm(1).alerts:
        assert set(alert) == {"id", "type", "entity", "starts_at", "ends_at"}
