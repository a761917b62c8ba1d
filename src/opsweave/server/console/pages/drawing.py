"""A cut of the graph as a picture: who is in it, where they stand, how they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from opsweave.facts import Relation, RelationKind
from opsweave.graph.layout import layered
from opsweave.graph.snapshot import Snapshot, walk
from opsweave.pages import Edge, Graph, Node
from opsweave.pages.links import entity_to
from opsweave.server.console.pages.trouble import Trouble
from opsweave.server.console.pages.words import name_of

MOST_NODES = 100


def around(graph: Snapshot, starts: Iterable[str], hops: int) -> dict[str, int]:
    """Entities within so many hops of one of ``starts``, with their distance."""
    found: dict[str, int] = {}
    for start in starts:
        for ref, distance in walk(graph.neighbours, start, hops).items():
            found[ref] = min(distance, found.get(ref, distance))
    return found


def drawn(
    id: str,
    relations: Iterable[Relation],
    refs: Iterable[str],
    trouble: Trouble,
    *,
    lit: frozenset[str] = frozenset(),
    to: Callable[[str], str] = entity_to,
) -> Graph:
    """The picture of these entities and what is between them."""
    inside = sorted(set(refs))
    kinds: dict[tuple[str, str], list[str]] = {}
    known = set(inside)
    for one in relations:
        if one.source in known and one.target in known and one.kind is not RelationKind.OWNED_BY:
            kinds.setdefault((one.source, one.target), []).append(one.kind.value)
    layout = layered(inside, kinds)
    return Graph(
        id=id,
        width=layout.width,
        height=layout.height,
        nodes=tuple(
            Node(
                id=ref,
                label=name_of(ref),
                kind=ref.partition(":")[0],
                health=trouble.health(ref),
                x=layout.at[ref][0],
                y=layout.at[ref][1],
                says=trouble.says(ref),
                to=to(ref),
                lit=ref in lit,
            )
            for ref in inside
        ),
        edges=tuple(
            Edge(
                source=source,
                target=target,
                kind=", ".join(sorted(set(found))).replace("_", " "),
                says=f"{name_of(source)} {' and '.join(sorted(set(found)))} {name_of(target)}",
            )
            for (source, target), found in sorted(kinds.items())
        ),
    )
