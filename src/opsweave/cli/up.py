"""``opsweave up``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from opsweave.cli._common import Data, Json, command, say_json

_EXITS = {0: "stopped as asked", 4: "another process owns the data folder"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "up", example="opsweave up --data /var/lib/opsweave --port 7100", exits=_EXITS)(up)


def up(  # noqa: PLR0913, PLR0917  # one parameter per option
    data: Data,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder with catalog, objectives, integrations, runbooks, policy."
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Serve under this name besides loopback; repeatable."),
    ] = None,
    keep_days: Annotated[
        float, typer.Option(min=0.01, help="Forget telemetry after so many days.")
    ] = 7.0,
    ledger_days: Annotated[
        float, typer.Option(min=0.01, help="Drop raw payloads after so many days.")
    ] = 7.0,
    ledger_mb: Annotated[
        int, typer.Option(min=128, help="Drop the oldest raw payloads above this size.")
    ] = 4096,
    disk_low_mb: Annotated[
        int, typer.Option(min=0, help="Report degraded health below so much free space.")
    ] = 200,
    log_level: Annotated[
        str, typer.Option(help="debug, info, warning or error; the log is standard error.")
    ] = "info",
    json: Json = False,
) -> None:
    """Run the server: doors, the record, the loop, recovery, the HTTP API.

    One process, everything embedded. SIGTERM or Ctrl-C stops it in order.
    """
    from opsweave.cli._log import log_to_stderr
    from opsweave.record.folder import ServerInfo
    from opsweave.server.settings import UpSettings
    from opsweave.server.up import up as run

    log_to_stderr(log_level)

    def listening(info: ServerInfo, sign_in: str) -> None:
        if json:
            told = {"url": info.url, "pid": info.pid, "data": str(data), "sign_in": sign_in}
            say_json(told)
        else:
            print(f"opsweave listens on {info.url}, data in {data} (Ctrl-C stops it)")
            # Whoever reads a log must not be able to sign in as the owner.
            link = f"console, signed in once within 10 minutes: {sign_in}"
            hint = f"console: opsweave console --data {data} prints a link that signs in"
            print(link if sys.stdout.isatty() else hint, flush=True)

    run(
        UpSettings(
            data=data,
            port=port,
            host=host,
            config=config,
            allow_hosts=tuple(allow_host or ()),
            keep_days=keep_days,
            ledger_days=ledger_days,
            ledger_mb=ledger_mb,
            disk_low_mb=disk_low_mb,
        ),
        listening,
    )
