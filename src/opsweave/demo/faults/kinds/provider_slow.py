"""The outside provider answers slowly; no change of ours did it."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage


class ProviderSlow(Fault):
    """Beyond the caller's time-out the slowness becomes failures."""

    name = "provider-slow"
    says = "the outside payment provider becomes slow"
    targets = ("provider",)
    magnitude = Magnitude("ms a call", 100, 5000, (500, 1300))
    indicator = "client_latency_p95"

    def begin(self, stage: Stage) -> str | None:
        return None

    def grow(self, stage: Stage, share: float) -> None:
        stage.company.provider(slow_ms=stage.spec.magnitude * share)

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        dependency = {"dependency": self.entity(stage.company.names, stage.spec)}
        return (Action("open_breaker", stage.company.names.entity("payment"), dependency),)


FAULT = ProviderSlow()
