"""Leases: two runs never act on one target at once."""

from __future__ import annotations

from collections.abc import Sequence

from opsweave.facts import Run
from opsweave.facts.base import Fact
from opsweave.record.state import StateStore
from opsweave.runs.records import ENDED


class Lease(Fact, frozen=True, kw_only=True, tag="lease"):
    """``id`` is the target. It is free when nobody holds it, or when the holder's run has ended:
    a run that died with its process is taken up again, so time alone never frees a target."""

    holder: str = ""
    at_ns: int = 0


class Leases:
    """All of a run's targets or none."""

    def __init__(self, state: StateStore) -> None:
        self._state = state

    def take(self, run_id: str, targets: Sequence[str], now_ns: int) -> str | None:
        """None when the run now holds all of them, else one sentence on who is in the way."""
        with self._state.transaction():
            for target in sorted(targets):
                holder = self._holder(target)
                if holder and holder != run_id:
                    return f"{target} is leased by {holder}"
            for target in targets:
                self._state.put(Lease(id=target, holder=run_id, at_ns=now_ns))
        return None

    def release(self, run_id: str, targets: Sequence[str], now_ns: int) -> None:
        """Give back those that the run holds."""
        with self._state.transaction():
            for target in targets:
                if self._holder(target) == run_id:
                    self._state.put(Lease(id=target, at_ns=now_ns))

    def _holder(self, target: str) -> str:
        lease = self._state.get(Lease, target)
        if lease is None or not lease.holder:
            return ""
        run = self._state.get(Run, lease.holder)
        return "" if run is None or run.status in ENDED else lease.holder
