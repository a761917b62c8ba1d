"""Where boxes stand: along the edges, never on each other, the same place tomorrow."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.graph.layout import BOX_H, BOX_W, TALLEST, _inversions, _layered, layered

NAMES = st.sampled_from([f"n{number}" for number in range(12)])


def test_nothing_and_one() -> None:
    assert (layered([], []).width, layered([], []).at) == (0.0, {})
    one = layered(["a"], [("a", "a"), ("a", "gone")])
    assert one.at == {"a": (one.width / 2, one.height / 2)}


@given(st.lists(st.tuples(NAMES, NAMES), max_size=40), st.randoms(use_true_random=False))
def test_no_box_covers_another_and_order_of_input_is_no_matter(edges, chance) -> None:
    nodes = sorted({node for edge in edges for node in edge})
    layout = layered(nodes, edges)
    assert set(layout.at) == set(nodes)
    for one in nodes:
        x, y = layout.at[one]
        assert BOX_W / 2 <= x <= layout.width - BOX_W / 2
        assert BOX_H / 2 <= y <= layout.height - BOX_H / 2
        for other in nodes:
            if one < other:
                a, b = layout.at[one], layout.at[other]
                assert abs(a[0] - b[0]) >= BOX_W or abs(a[1] - b[1]) >= BOX_H
    chance.shuffle(edges)
    chance.shuffle(nodes)
    _layered.cache_clear()
    assert layered(nodes, edges) == layout


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40))
def test_without_cycles_every_edge_leads_to_the_right(pairs) -> None:
    edges = [(f"n{min(pair):02}", f"n{max(pair):02}") for pair in pairs if pair[0] != pair[1]]
    layout = layered({node for edge in edges for node in edge}, edges)
    for source, target in edges:
        assert layout.at[source][0] < layout.at[target][0]


def test_parallel_ways_do_not_cross() -> None:
    edges = [("a1", "c2"), ("a2", "c1"), ("c2", "d1"), ("c1", "d2")]
    at = layered({node for edge in edges for node in edge}, edges).at
    assert (at["a1"][1] < at["a2"][1]) == (at["c2"][1] < at["c1"][1])
    assert (at["c2"][1] < at["c1"][1]) == (at["d1"][1] < at["d2"][1])


def test_a_caller_stands_beside_whom_it_calls() -> None:
    layout = layered("abcx", [("a", "b"), ("b", "c"), ("x", "c")])
    assert layout.at["x"][0] == layout.at["b"][0]


def test_a_wide_layer_becomes_several_columns() -> None:
    leaves = [f"leaf{number:03}" for number in range(3 * TALLEST)]
    layout = layered(["hub", *leaves], [("hub", leaf) for leaf in leaves])
    assert len({x for x, _ in layout.at.values()}) == 4
    assert layout.height <= (TALLEST + 1) * 60


def brute(values: list[float]) -> int:
    return sum(a > b for i, a in enumerate(values) for b in values[i + 1 :])


@given(st.lists(st.integers(0, 9).map(float), max_size=30))
def test_inversions(values: list[float]) -> None:
    assert _inversions(values) == brute(values)


@pytest.mark.parametrize(("nodes", "edges", "most_s"), [(200, 336, 0.25), (2000, 4000, 3.0)])
def test_fast_enough(nodes: int, edges: int, most_s: float) -> None:
    chance = random.Random(7)
    names = [f"service:prod/team-{n % 9}/name-{n:04}" for n in range(nodes)]
    links = [(chance.choice(names), chance.choice(names)) for _ in range(edges)]
    began = time.perf_counter()
    layered(names, links)
    assert time.perf_counter() - began < most_s
