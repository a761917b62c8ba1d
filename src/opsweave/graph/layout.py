"""Where the boxes of a map stand: layers by longest path, order within them by barycentre.

K. Sugiyama, S. Tagawa, M. Toda: Methods for visual understanding of hierarchical system
structures, 1981; cycles are opened by leaving out the edges that lead back in a depth-first walk
(P. Eades, X. Lin, W. Smyth, 1993, compare ways). Deterministic: the same graph stands at the same
place, whatever the order in which it was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

BOX_W, BOX_H = 168.0, 40.0
GAP_X, GAP_Y = 72.0, 20.0
MARGIN = 16.0
SWEEPS = 8
TALLEST = 14
"""Boxes of one layer beside each other; more stand in a further column of the same layer."""

Edge = tuple[str, str]
Edges = dict[str, list[str]]


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The centre of each box, in pixels, and the size of the whole."""

    width: float
    height: float
    at: dict[str, tuple[float, float]]


def layered(nodes: Iterable[str], edges: Iterable[Edge]) -> Layout:
    """Left to right along the edges. Edges to unknown nodes are left out; at most O(sweeps * E).

    >>> layout = layered(["a", "b", "c"], [("a", "b"), ("b", "c")])
    >>> layout.at["a"][0] < layout.at["b"][0] < layout.at["c"][0]
    True
    """
    known = frozenset(nodes)
    kept = frozenset(
        (source, target)
        for source, target in edges
        if source != target and source in known and target in known
    )
    return _layered(tuple(sorted(known)), tuple(sorted(kept)))


@lru_cache(maxsize=64)
def _layered(nodes: tuple[str, ...], edges: tuple[Edge, ...]) -> Layout:
    if not nodes:
        return Layout(width=0.0, height=0.0, at={})
    forward = _acyclic(nodes, edges)
    layers = _ordered(_layers(nodes, forward), forward)
    columns = [column for layer in layers for column in _split(layer)]
    tallest = max(len(column) for column in columns)
    height = tallest * (BOX_H + GAP_Y) - GAP_Y + 2 * MARGIN
    at = {}
    for number, column in enumerate(columns):
        x = MARGIN + BOX_W / 2 + number * (BOX_W + GAP_X)
        free = height - 2 * MARGIN - len(column) * (BOX_H + GAP_Y) + GAP_Y
        for row, node in enumerate(column):
            at[node] = (x, MARGIN + free / 2 + BOX_H / 2 + row * (BOX_H + GAP_Y))
    width = len(columns) * (BOX_W + GAP_X) - GAP_X + 2 * MARGIN
    return Layout(width=width, height=height, at=at)


def _acyclic(nodes: tuple[str, ...], edges: tuple[Edge, ...]) -> Edges:
    """Targets by source, without the edges that close a cycle; walked from where nothing leads."""
    out: Edges = {node: [] for node in nodes}
    entered = dict.fromkeys(nodes, 0)
    for source, target in edges:
        out[source].append(target)
        entered[target] += 1
    kept: Edges = {node: [] for node in nodes}
    state: dict[str, int] = {}
    for start in sorted(nodes, key=lambda node: (entered[node], node)):
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(out[start]))]
        while stack:
            node, targets = stack[-1]
            for target in targets:
                seen = state.get(target)
                if seen == 1:
                    continue
                kept[node].append(target)
                if seen is None:
                    state[target] = 1
                    stack.append((target, iter(out[target])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return kept


def _layers(nodes: tuple[str, ...], forward: Edges) -> list[list[str]]:
    """Each node one beyond the farthest that leads to it."""
    waits = dict.fromkeys(nodes, 0)
    for targets in forward.values():
        for target in targets:
            waits[target] += 1
    depth = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waits[node]]
    for node in ready:
        for target in forward[node]:
            depth[target] = max(depth[target], depth[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    _pull(depth, forward, ready)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for node in nodes:
        layers[depth[node]].append(node)
    return [layer for layer in layers if layer]


def _pull(depth: dict[str, int], forward: Edges, order: list[str]) -> None:
    """Who is led to by nobody moves beside whom it leads to: shorter edges."""
    led = {target for targets in forward.values() for target in targets}
    for node in order:
        if node not in led and forward[node]:
            depth[node] = min(depth[target] for target in forward[node]) - 1


def _ordered(layers: list[list[str]], forward: Edges) -> list[list[str]]:
    """Sweeps down and up; each node goes to the mean place of its neighbours on the other side."""
    back: Edges = {node: [] for layer in layers for node in layer}
    for source, targets in forward.items():
        for target in targets:
            back[target].append(source)
    place = _places(layers)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, forward, place)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        side = back if down else forward
        for layer in layers if down else reversed(layers):
            middle = {node: _mean(side[node], place, place[node]) for node in layer}
            layer.sort(key=lambda node: (middle[node], node))
            place.update(_spread(layer))
        crossings = _crossings(layers, forward, place)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _places(layers: list[list[str]]) -> dict[str, float]:
    return {node: at for layer in layers for node, at in _spread(layer).items()}


def _spread(layer: list[str]) -> dict[str, float]:
    """Places around the middle, so that layers of different length compare."""
    return {node: index - (len(layer) - 1) / 2 for index, node in enumerate(layer)}


def _mean(others: list[str], place: dict[str, float], own: float) -> float:
    return sum(place[other] for other in others) / len(others) if others else own


def _crossings(layers: list[list[str]], forward: Edges, place: dict[str, float]) -> int:
    """Of edges that begin in one layer, by inversions of where they end."""
    total = 0
    for layer in layers:
        ends = [end for node in layer for end in sorted(place[target] for target in forward[node])]
        total += _inversions(ends)
    return total


def _inversions(values: list[float]) -> int:
    """Pairs in falling order, by insertion into a Fenwick tree of ranks."""
    rank = {value: index + 1 for index, value in enumerate(sorted(set(values)))}
    tree = [0] * (len(rank) + 1)
    found = 0
    for seen, value in enumerate(values):
        at, below = rank[value], 0
        while at:
            below += tree[at]
            at &= at - 1
        found += seen - below
        at = rank[value]
        while at < len(tree):
            tree[at] += 1
            at += at & -at
    return found


def _split(layer: list[str]) -> list[list[str]]:
    """Columns of about the same length, none too tall to be seen at once."""
    parts = -(-len(layer) // TALLEST)
    size = -(-len(layer) // parts)
    return [layer[start : start + size] for start in range(0, len(layer), size)]
