"""A detector of one's own, held to the contract that ours keeps. Checked by mypy, and run."""

from __future__ import annotations

from opsweave.analysis.detection import Detector
from opsweave.testing import detector as contract


class MyDetector(Detector):
    """Somebody's own idea, here none."""


def check() -> None:
    """Every behaviour that the loop relies on."""
    contract.check_silent_when_calm(MyDetector)
    contract.check_finds_a_step(MyDetector)
