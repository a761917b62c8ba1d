from opsweave.bench.speed import grouping
from opsweave.bench.speed.detection import measure


def test_counts_every_point_of_all_batches_but_the_first():
    for by_series in (True, False):
        found = measure(50, 20, 3, by_series=by_series)
        assert found["points"] == 2000
        assert found["M points/s/core (CPU)"] > 0


def test_crowds_are_the_same_for_a_seed_and_new_where_they_ought_to_be():
    names, topology = grouping.graph(1)
    assert len(topology) > len(names)
    old, new = (
        grouping.crowd(names, 500, every_s=1.0, types=5, new=new, seed=2) for new in (False, True)
    )
    assert new == grouping.crowd(names, 500, every_s=1.0, types=5, new=True, seed=2)
    assert len({item.identity for item in new}) == 500 > len({item.identity for item in old})
