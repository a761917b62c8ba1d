"""``opsweave status``: is it well."""

from __future__ import annotations

import typer

from opsweave.cli._client import connected
from opsweave.cli._common import (
    EXIT_ABSENT,
    EXIT_FAILED,
    EXITS,
    Data,
    Json,
    command,
    note,
    say_json,
    seconds,
    table,
)

_EXITS = {1: "it runs, degraded; the lines say why", 3: EXITS[3]}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "status", example="opsweave status", exits=_EXITS)(status)


def status(data: Data, json: Json = False) -> None:
    """Whether the server runs and is well, and what it uses."""
    from opsweave.record.folder import DataFolder

    if not data.expanduser().is_dir() or not DataFolder(data).owned():
        if json:
            say_json({"status": "absent", "data": str(data)})
        else:
            note(f"no server runs on {data} (start one: opsweave up --data {data})")
        raise typer.Exit(EXIT_ABSENT)
    with connected(data) as client:
        found = client.get("status")
    if json:
        say_json(found)
    else:
        process, loop, stores = found["process"], found["loop"], found["stores"]
        cpu = process["cpu"]
        rows = [
            ("status", found["status"]),
            ("version", found["version"]),
            ("up for", seconds(found["uptime_s"])),
            ("data", found["data"]),
            ("process", f"{process['pid']}, {process['memory_mb']:.0f} MB"),
            ("cores used", None if cpu is None else f"{cpu:.2f}"),
            ("loop", f"{loop['ticks']} ticks, {loop['failures']} failed"),
            ("ledger", ", ".join(f"{n} {name}" for name, n in (found["ledger"] or {}).items())),
            ("telemetry", f"{stores['telemetry']['bytes'] / 1e6:.1f} MB"),
            ("disk free", f"{stores['disk_free_bytes'] / 1e9:.1f} GB"),
            *(("degraded", says) for says in found["degraded"]),
            *(("quarantined", path) for path in stores["telemetry"]["quarantines"]),
        ]
        table(("", ""), rows, empty="")
    if found["degraded"]:
        raise typer.Exit(EXIT_FAILED)
