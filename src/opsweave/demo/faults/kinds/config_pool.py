"""A configuration that leaves too few connections in a pool."""

from __future__ import annotations

from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage


class ConfigPool(Fault):
    """The size of a pool is set too low; requests wait for a connection."""

    name = "config-pool"
    says = "a change of configuration starves a service's pool of connections"
    targets = ("edge", "catalog", "cart", "checkout")
    usual = ("edge", "catalog", "checkout")
    magnitude = Magnitude("connections left", 1, 4, (1, 1), whole=True)
    ramps = False
    indicator = "pool.wait_time"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        return stage.changes.configure(
            spec.target, "pool.size", int(spec.magnitude), Given.of(spec)
        )

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (
            Action(
                "revert_configuration",
                self.entity(stage.company.names, stage.spec),
                {"key": "pool.size"},
            ),
        )


FAULT = ConfigPool()
