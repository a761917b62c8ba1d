"""``opsweave console``: a link that opens the web console."""

from __future__ import annotations

import typer

from opsweave.cli._common import EXIT_ABSENT, EXITS, Data, Json, command, note, say_json


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "console", example="opsweave console", exits={3: EXITS[3]})(console)


def console(data: Data, json: Json = False) -> None:
    """Print a link that signs in to the web console once, within ten minutes."""
    from opsweave.cli._client import connected
    from opsweave.record.folder import DataFolder

    server = DataFolder(data).server() if data.expanduser().is_dir() else None
    if server is None:
        if json:
            say_json({"status": "absent", "data": str(data)})
        else:
            note(f"no server runs on {data} (start one: opsweave up --data {data})")
        raise typer.Exit(EXIT_ABSENT)
    with connected(data) as client:
        made = client.post("session/codes", {})
    link = f"{server.url}{made['path']}"
    if json:
        say_json({"url": server.url, "sign_in": link, "expires_ms": made["expires_ms"]})
        return
    note("opens the console, signed in as the owner of the data folder; works once:")
    print(link)
