"""A batch of features in which some customers' values are malformed."""

from __future__ import annotations

import re

from opsweave.demo.company.spec import read_json
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage

TOLERANCE = 1.05
_NUMBER = re.compile(r"batch-(\d+)\.json$")


class BadFeatures(Fault):
    """The first batch that is wrong is the guilty change; the model declines good customers."""

    name = "bad-features"
    says = "malformed features make the model decline good customers"
    targets = ("features",)
    magnitude = Magnitude("share of customers", 0.1, 1.0, (0.4, 0.9))
    variants = ("unit", "swap")
    indicator = "dataset.mean"

    def begin(self, stage: Stage) -> str | None:
        return None

    def grow(self, stage: Stage, share: float) -> None:
        spec = stage.spec
        stage.company.warehouse(share=spec.magnitude * share, how=spec.variant)

    def guilty(self, stage: Stage) -> str | None:
        """The first batch whose amounts or charge-backs jump."""
        before: tuple[float, float] | None = None
        for batch, means in _batches(stage):
            pairs = zip(means, before or means, strict=True)
            if any(new > old * TOLERANCE + 0.1 for new, old in pairs):
                return f"{stage.company.names.roles['features']}@{batch}"
            before = before or means
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        """Newer batches are as bad: what is served must be older than the first bad one."""
        entity = self.entity(stage.company.names, stage.spec)
        batch = (change or "").rpartition("@")[2]
        return (Action("quarantine_data", entity, {"batch": batch}),)


def _batches(stage: Stage) -> list[tuple[str, tuple[float, float]]]:
    """(batch, (mean amount, mean of charge-backs)), oldest first."""
    numbered = [
        (int(found[1]), path)
        for path in (stage.company.mailbox.parent / "features").iterdir()
        if (found := _NUMBER.search(path.name))
    ]
    result = []
    for number, path in sorted(numbered):
        held = read_json(path)
        rows = list(held["rows"].values()) if isinstance(held, dict) else []
        if rows:
            amounts, backs = sum(row[1] for row in rows), sum(row[2] for row in rows)
            result.append((f"batch-{number}", (amounts / len(rows), backs / len(rows))))
    return result


FAULT = BadFeatures()
