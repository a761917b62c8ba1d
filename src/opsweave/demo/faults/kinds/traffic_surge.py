"""More customers than the company can serve."""

from __future__ import annotations

from opsweave.demo.company.spec import Names
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.spec import FaultSpec

PATHS = {
    "edge": ("/browse", "/cart"),
    "catalog": ("/browse",),
    "cart": ("/cart",),
}
"""What customers want more of, by the role that the surge is aimed at."""


class TrafficSurge(Fault):
    """The load rises at the edge; the catalog is where it does not fit any more."""

    name = "traffic-surge"
    says = "more customers come than the company can serve"
    targets = tuple(PATHS)
    usual = ("edge", "catalog")
    magnitude = Magnitude("times the usual load", 1.2, 10, (3.2, 5), {"edge": (2.6, 3.5)})
    indicator = "requests"

    def begin(self, stage: Stage) -> str | None:
        return None

    def grow(self, stage: Stage, share: float) -> None:
        factor = 1 + (stage.spec.magnitude - 1) * share
        stage.company.surge(dict.fromkeys(PATHS[stage.spec.target], factor))

    def entity(self, names: Names, spec: FaultSpec) -> str:
        """Where the load rose first, whoever cannot stand it."""
        return names.entity("edge")

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("scale", stage.company.names.entity("catalog"), {"by": 1}),)


FAULT = TrafficSurge()
