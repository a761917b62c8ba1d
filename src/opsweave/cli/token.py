"""``opsweave token``: who may send, read, approve, administer."""

from __future__ import annotations

from typing import Annotated

import typer

from opsweave.cli._common import Data, Json, command, group, note, say, say_json, table, when


def register(app: typer.Typer) -> None:
    """Adds the group."""
    made = group(app, "token", "Tokens: who may send, read, approve, administer.")
    command(made, "create", example="opsweave token create --scope ingest --name collector --json")(
        create
    )
    command(made, "list", example="opsweave token list")(list_)
    command(made, "revoke", example="opsweave token revoke tok-2c9w1...")(revoke)


def create(
    data: Data,
    scope: Annotated[
        list[str],
        typer.Option(help="ingest, read, approve or admin (includes read); repeatable."),
    ],
    name: Annotated[str, typer.Option(help="Who or what it is for.")] = "",
    json: Json = False,
) -> None:
    """Make a token; its secret is shown once. A running server knows it at once."""
    from opsweave.record.folder import DataFolder
    from opsweave.server.auth import TokenStore

    folder = DataFolder(data)
    secret, token = TokenStore(folder.tokens).create_token(name=name, scopes=scope)
    if json:
        say_json({"token": secret, "id": token.id, "scopes": list(token.scopes)})
        return
    note(f"token {token.id} with {', '.join(token.scopes)}; it is not shown again:")
    print(secret)


def list_(data: Data, json: Json = False) -> None:
    """List tokens, without their secrets."""
    from opsweave.record.folder import DataFolder
    from opsweave.server.auth import TokenStore

    found = TokenStore(DataFolder(data).tokens).tokens()
    if json:
        items = [
            {
                "id": token.id,
                "name": token.name,
                "scopes": list(token.scopes),
                "created_at": when(token.created_ns),
            }
            for token in found
        ]
        say_json({"items": items})
        return
    table(
        ("id", "name", "scopes", "created"),
        [(t.id, t.name, ", ".join(t.scopes), when(t.created_ns)) for t in found],
        empty="No tokens yet: opsweave token create --scope ingest",
    )


def revoke(
    data: Data,
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `opsweave token list` shows it.")],
    json: Json = False,
) -> None:
    """Take a token back; requests with it are refused from now on."""
    from opsweave.kernel.errors import RejectInput
    from opsweave.record.folder import DataFolder
    from opsweave.server.auth import TokenStore

    if not TokenStore(DataFolder(data).tokens).revoke(id_):
        raise RejectInput(f"there is no token {id_}", field="ID", action="see opsweave token list")
    if json:
        say_json({"revoked": id_})
    else:
        say(f"{id_} is revoked")
