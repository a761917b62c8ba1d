"""``GET status``: how the server is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave import __version__
from opsweave.kernel.clock import SECOND, Clock, iso
from opsweave.kernel.errors import RetryLater
from opsweave.record.ledger.port import Counts
from opsweave.server.counts import counts
from opsweave.server.pump import Pump
from opsweave.server.retention import read_dropped
from opsweave.server.stores import Stores
from opsweave.server.vitals import Vitals
from opsweave.server.watch import LoopSays, Watch


class StatusPage:
    """Gathers what the parts say of themselves."""

    def __init__(
        self,
        *,
        stores: Stores,
        pump: Pump,
        loop: LoopSays,
        watch: Watch,
        vitals: Vitals,
        clock: Clock,
    ) -> None:
        self._stores, self._pump, self._loop = stores, pump, loop
        self._watch, self._vitals, self._clock = watch, vitals, clock
        self._began_ns = clock.now_ns()

    def body(self) -> dict[str, Any]:
        """The answer of ``GET status``."""
        stores, degraded = self._stores, list(self._watch.health().degraded)
        found: Counts | None = None
        try:
            found = counts(stores.ledger, stores.telemetry, read_dropped(stores.folder.ledger))
        except RetryLater as error:
            degraded.append(f"telemetry: {error}")
        return {
            "version": __version__,
            "status": "degraded" if degraded else "ok",
            "degraded": degraded,
            "started_at": iso(self._began_ns),
            "uptime_s": round((self._clock.now_ns() - self._began_ns) / SECOND, 1),
            "data": str(stores.folder.root),
            "process": msgspec.to_builtins(self._vitals.now()),
            "ledger": msgspec.to_builtins(found),
            "pump": msgspec.to_builtins(self._pump.status()),
            "loop": msgspec.to_builtins(self._loop()),
            "stores": self._sizes(),
        }

    def _sizes(self) -> dict[str, Any]:
        folder, ledger = self._stores.folder, self._stores.ledger
        return {
            "ledger": {
                "bytes": ledger.bytes_held(),
                "first_seq": ledger.first_seq(),
                "next_seq": ledger.next_seq(),
            },
            "telemetry": {
                "bytes": _size(folder.telemetry) + _size(Path(f"{folder.telemetry}.wal")),
                "rebuilding": self._watch.rebuilding(),
                "quarantined": msgspec.to_builtins(self._stores.quarantined),
                "quarantines": sorted(str(path) for path in folder.quarantine.glob("*")),
            },
            "state": {"bytes": _size(folder.state) + _size(Path(f"{folder.state}-wal"))},
            "disk_free_bytes": folder.free_bytes(),
        }


def handlers(page: StatusPage) -> list[HTTPRouteHandler]:
    """``status``."""

    @get("/status", opt={"scope": "read"}, sync_to_thread=True)
    def status() -> dict[str, Any]:
        return page.body()

    return [status]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
