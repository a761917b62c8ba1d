from opsweave.bench.speed.detection import measure


def test_counts_every_point_of_all_batches_but_the_first():
    for by_series in (True, False):
        found = measure(50, 20, 3, by_series=by_series)
        assert found["points"] == 2000
        assert found["M points/s/core (CPU)"] > 0
