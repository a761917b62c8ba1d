"""Seven practices by seven stages of the life cycle."""

from __future__ import annotations

from opsweave.pages import Matrix, MatrixRow
from opsweave.server.console.pages.overview import cells
from opsweave.server.console.pages.overview.cells import Cell, caused_by, not_yet
from opsweave.server.console.pages.overview.facts import Facts
from opsweave.server.console.pages.overview.roles import TITLES, in_order

STAGES = ("Design", "Develop", "Build", "Test", "Deploy", "Operate", "Monitor")
CELLS: dict[str, tuple[Cell | None, ...]] = {
    "devops": (
        None, cells.commits, cells.builds, not_yet("test results"),
        cells.deployments, cells.settings, cells.recovery,
    ),
    "sre": (
        cells.objectives, None, None, None, None, cells.incidents, cells.budgets,
    ),
    "devsecops": (
        not_yet("threat models"), not_yet("findings in code"), not_yet("bills of materials"),
        not_yet("scans"), not_yet("security gates"), not_yet("decisions on findings"),
        not_yet("detection rules"),
    ),
    "dataops": (
        not_yet("data contracts"), None, None, not_yet("checks of data"), cells.data_versions,
        caused_by("data", "data"), not_yet("freshness, volume and distribution"),
    ),
    "mlops": (
        None, not_yet("experiments"), not_yet("training"), not_yet("validation"),
        cells.model_versions, caused_by("model", "a model"), not_yet("serving"),
    ),
    "modelops": (
        not_yet("the inventory"), None, None, not_yet("validation by somebody else"),
        not_yet("approvals of models"), not_yet("controls"), not_yet("drift"),
    ),
    "aiops": (
        cells.runbooks, None, None, cells.shadows, cells.approvals, cells.runs, cells.alerts,
    ),
}  # fmt: skip
TO = {"devops": "delivery", "sre": "reliability", "aiops": "incidents"}


def matrix(facts: Facts, role: str) -> Matrix:
    """The role's practices first."""
    return Matrix(
        id="matrix",
        title="Practices by stage",
        says="Each cell is the one number that matters now; an empty one means nothing is done"
        " at that stage.",
        columns=STAGES,
        rows=tuple(
            MatrixRow(
                title=TITLES[practice],
                cells=tuple(cell and cell(facts) for cell in CELLS[practice]),
                lit=own,
                to=TO.get(practice, ""),
            )
            for practice, own in in_order(role)
        ),
        topics=("incidents", "changes", "runs", "approvals", "slos"),
    )
