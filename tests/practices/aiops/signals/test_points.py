import pytest

from opsweave.analysis.signal import SeriesKey
from opsweave.practices.aiops.signals import SignalBuilder

from .rows import CART, at, batch, counter, gauge


def frames(*points, until=60, **more):
    builder = SignalBuilder()
    builder.feed(batch(points=points, **more))
    return builder.close(at(until))


def series(found, indicator, entity=CART):
    key = SeriesKey(entity, indicator)
    return [frame.values.get(key) for frame in found]


def test_gauge_is_the_mean_of_its_bucket_and_counts_its_points():
    found = frames(gauge(1, 2), gauge(3, 4), gauge(6, 9), until=13)
    assert series(found, "pool") == [3.0, 9.0]
    assert found[0].counts[SeriesKey(CART, "pool")] == 2
    assert [f.at_ns for f in found] == [at(5), at(10)]


def test_cumulative_sum_becomes_a_rate_over_the_time_between_points():
    points = [counter(t, 10 * t, start=-1000) for t in range(0, 20, 2)]
    assert series(frames(*points, until=23), "rate(orders)") == pytest.approx([10.0] * 4)


def test_two_instances_add_up():
    points = [counter(t, 10 * t, start=-1000, instance=i) for t in range(0, 20, 2) for i in "ab"]
    assert series(frames(*points, until=23), "rate(orders)") == pytest.approx([20.0] * 4)


@pytest.mark.parametrize("start", [0.0, 10.0], ids=["value falls", "start moves too"])
def test_reset_counts_from_zero_and_marks_a_restart(start):
    before = [counter(t, 1000 + 10 * t) for t in (2, 4, 8)]
    after = [counter(12, 20, start=start), counter(14, 40, start=start)]
    found = frames(*before, *after, until=18)
    rates = series(found, "rate(orders)")
    assert all(rate is not None and 0 < rate < 15 for rate in rates[1:])
    assert series(found, "restarts") == [None, None, 0.2]


def test_delta_temporality():
    points = [counter(t, 20, start=t - 2, temporality="delta") for t in range(2, 11, 2)]
    assert series(frames(*points, until=13), "rate(orders)") == pytest.approx([10.0, 10.0])


def test_histogram_gives_rate_and_mean():
    points = [
        counter(t, 50.0 * t, start=-1000, kind="histogram", count=10 * t, unit="ms")
        for t in range(0, 10, 2)
    ]
    found = frames(*points, until=13)
    assert series(found, "mean(orders)") == pytest.approx([5.0, 5.0])
    assert series(found, "rate(orders)") == pytest.approx([10.0, 10.0])
    assert found[-1].units["mean(orders)"] == "ms"


def test_attributes_tell_series_apart_and_are_capped():
    points = [gauge(1, i, attributes=f'{{"k":"{i:02}"}}') for i in range(30)]
    (found,) = frames(*points, until=8)
    names = {key.indicator for key in found.values if key.indicator.startswith("pool")}
    assert "pool{k=00}" in names
    assert "pool{other}" in names
    assert len(names) == 21


def test_late_and_future_points_are_counted_not_taken():
    builder = SignalBuilder()
    builder.feed(batch(points=[gauge(1, 1)]))
    builder.close(at(20))
    builder.feed(batch(points=[gauge(2, 99), gauge(500, 99)]))
    builder.close(at(25))
    assert (builder.stats.late, builder.stats.future) == (1, 1)


def test_bucket_waits_for_its_lateness():
    builder = SignalBuilder(width_s=5, lateness_s=3)
    builder.feed(batch(points=[gauge(1, 1)]))
    assert builder.close(at(7.9)) == []
    assert len(builder.close(at(8))) == 1
    assert builder.close(at(8)) == []


def test_a_long_pause_skips_buckets():
    builder = SignalBuilder()
    builder.feed(batch(points=[gauge(1, 1)]))
    builder.close(at(10))
    builder.feed(batch(points=[gauge(99_990, 1)]))
    assert len(builder.close(at(100_000))) <= 120
    assert builder.stats.skipped_buckets > 10_000


def test_heartbeat_after_silence_but_not_when_nobody_is_heard():
    other = "service:demo/shop/other"
    points = [gauge(t, 1) for t in range(1, 40)]
    points += [gauge(t, 1, entity=other) for t in range(1, 70)]
    found = frames(*points, until=120)
    beats = series(found, "heartbeat")
    assert beats[:8] == [1.0] * 8
    assert beats[10:14] == [0.0] * 4
    assert beats[14:] == [None] * len(beats[14:])


def test_an_entity_that_reports_seldom_is_not_silent():
    seldom = [gauge(t, 1, entity=CART) for t in range(1, 400, 60)]
    often = [gauge(t, 1, entity="service:demo/shop/other") for t in range(1, 400, 2)]
    assert 0.0 not in series(frames(*seldom, *often, until=400), "heartbeat")
