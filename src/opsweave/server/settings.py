"""What ``opsweave up`` may be told."""

from __future__ import annotations

from pathlib import Path

import msgspec

DAY_S = 86_400.0
MIB = 1 << 20


class UpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One field for each option of ``opsweave up``."""

    data: Path
    """The data folder; one process owns it at a time."""
    port: int = 7100
    """Where to listen; 0 chooses a free port."""
    host: str = "127.0.0.1"
    """Address to listen on; another than loopback also needs ``--allow-host``."""
    config: Path | None = None
    """Folder with catalog-info.yaml, slos.yaml, integrations.toml, runbooks/, policy.yaml."""
    allow_hosts: tuple[str, ...] = ()
    """Names besides loopback under which clients may address the server."""
    keep_days: float = 7.0
    """Telemetry older than this is forgotten."""
    ledger_days: float = 7.0
    """Ledger segments whose newest record is older than this are dropped."""
    ledger_mb: int = 4096
    """The ledger's size; the oldest segments above it are dropped."""
    disk_low_mb: int = 200
    """Less free space than this in the data folder is reported as degraded."""
