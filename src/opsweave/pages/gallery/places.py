"""Samples of the matrix, the honeycomb and the map."""

from __future__ import annotations

from opsweave.pages.base import Health
from opsweave.pages.gallery.waves import noise
from opsweave.pages.pictures import (
    Edge,
    Graph,
    Honeycomb,
    HoneycombCell,
    HoneycombGroup,
    Matrix,
    MatrixCell,
    MatrixRow,
    Node,
)

_STAGES = ("design", "develop", "build", "test", "deploy", "operate", "monitor")
_GOOD, _WARNING, _BAD, _NONE = Health.GOOD, Health.WARNING, Health.BAD, Health.UNKNOWN
_WORST = (_BAD, _WARNING, _GOOD, _NONE)

# practice, lit, cells as "health text" by stage
_ROWS: tuple[tuple[str, bool, tuple[tuple[Health, str] | None, ...]], ...] = (
    (
        "Incidents",
        True,
        (None, None, None, None, None, (_BAD, "3 open"), (_WARNING, "12 alerts")),
    ),
    (
        "Delivery",
        True,
        (
            None,
            (_GOOD, "9 merged"),
            (_GOOD, "98 % green"),
            (_WARNING, "4 flaky"),
            (_BAD, "1 of 9 failed"),
            None,
            None,
        ),
    ),
    (
        "Reliability",
        True,
        ((_GOOD, "6 goals"), None, None, None, None, (_WARNING, "1 burns"), (_GOOD, "99.94 %")),
    ),
    ("Security", False, (None, None, (_NONE, "no data"), None, (_NONE, "no data"), None, None)),
    ("Data", False, (None, None, None, None, None, (_NONE, "no data"), None)),
)

# id, kind, health, column, row, lit
_NODES: tuple[tuple[str, str, Health, int, int, bool], ...] = (
    ("web", "service", _GOOD, 0, 1, False),
    ("checkout", "service", _BAD, 1, 0, True),
    ("search", "service", _GOOD, 1, 2, False),
    ("cart", "service", _GOOD, 2, 0, False),
    ("payment", "service", _BAD, 2, 1, True),
    ("ranker", "model", _GOOD, 2, 2, False),
    ("orders", "database", _GOOD, 3, 0, False),
    ("payment-3.4.1", "deployment", _WARNING, 3, 1, True),
    ("mail", "queue", _WARNING, 3, 2, False),
    ("clicks", "dataset", _NONE, 3, 3, False),
)
_EDGES = (
    ("web", "checkout", "calls", False),
    ("web", "search", "calls", False),
    ("checkout", "cart", "calls", False),
    ("checkout", "payment", "calls", True),
    ("checkout", "mail", "sends to", False),
    ("cart", "orders", "reads", False),
    ("payment", "payment-3.4.1", "runs", True),
    ("search", "ranker", "calls", False),
    ("ranker", "clicks", "trained on", False),
)
_LABELS = {"payment-3.4.1": "deployment-of-payment-service-3.4.1"}


def matrix() -> Matrix:
    """Five practices by seven stages."""
    return Matrix(
        id="matrix",
        title="Practices by stage (sample)",
        says="The rows of your role stand out.",
        columns=_STAGES,
        rows=tuple(
            MatrixRow(
                title=title,
                lit=lit,
                to="gallery",
                cells=tuple(
                    None
                    if cell is None
                    else MatrixCell(
                        health=cell[0],
                        text=cell[1],
                        says=f"A sample of {title.lower()}, not of yours.",
                        to="gallery",
                    )
                    for cell in cells
                ),
            )
            for title, lit, cells in _ROWS
        ),
    )


def honeycomb() -> Honeycomb:
    """Ninety services of four teams, worst first."""
    groups = (("shop", 34, 3), ("payments", 12, 2), ("data", 25, 0), ("platform", 19, 1))
    return Honeycomb(
        id="honeycomb",
        title="All services by team (sample)",
        groups=tuple(
            HoneycombGroup(title=title, cells=tuple(_comb(title, i, bad) for i in range(n)))
            for title, n, bad in groups
        ),
    )


def _comb(team: str, i: int, bad: int) -> HoneycombCell:
    health = _WORST[0 if i < bad else 1 if i < bad + 2 else 3 if noise(i) > 0.9 else 2]
    return HoneycombCell(
        id=f"{team}-{i}",
        label=f"service:prod/{team}/sample-{i}",
        health=health,
        says="2 alerts" if health is _BAD else "",
        to="gallery",
    )


def graph() -> Graph:
    """Trouble and one hop around it."""
    at = {name: (120 + 240 * column, 50 + 90 * row) for name, _, _, column, row, _ in _NODES}
    return Graph(
        id="graph",
        title="The path from cause to symptom (sample)",
        says="Trouble and one hop; the lit boxes are the path.",
        width=960,
        height=370,
        nodes=tuple(
            Node(
                id=name,
                label=_LABELS.get(name, name),
                kind=kind,
                health=health,
                x=at[name][0],
                y=at[name][1],
                says="2 alerts" if health is _BAD else "",
                to="gallery",
                lit=lit,
            )
            for name, kind, health, _, _, lit in _NODES
        ),
        edges=tuple(
            Edge(source=source, target=target, kind=kind, says=f"{source} {kind} {target}", lit=lit)
            for source, target, kind, lit in _EDGES
        ),
        left_out=80,
    )
