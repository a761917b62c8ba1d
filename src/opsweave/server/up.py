"""``opsweave up``: own the data folder, serve until told to stop, leave everything in order."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable

from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder, ServerInfo, write_private
from opsweave.server.auth import Scope, TokenStore
from opsweave.server.configuration import read_configuration
from opsweave.server.serve import free_port, serve
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly

log = logging.getLogger("opsweave.up")
LOCAL = "local owner"
_LOCAL_SCOPES = (Scope.READ, Scope.APPROVE, Scope.ADMIN)


def up(settings: UpSettings, on_listening: Callable[[ServerInfo, str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises RejectInput, RefusedByPolicy before it listens.

    ``on_listening`` is told where, and a link that signs its owner in to the console once.
    """
    configuration = read_configuration(settings.config)
    port = free_port(settings.host, settings.port)
    folder, clock = DataFolder(settings.data), SystemClock()
    with opened(folder, clock) as stores:
        assembly = Assembly(stores, configuration, settings, clock)
        owner = assembly.tokens.lookup(local_token(folder, assembly.tokens))

        def announce(bound: int) -> None:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            info = ServerInfo(url=f"http://{host}:{bound}", pid=os.getpid())
            folder.announce(info)
            if on_listening is not None and owner is not None:
                on_listening(info, f"{info.url}{assembly.console.sign_in_path(owner.id)}")

        quiet_collector()
        try:
            assembly.start()
            serve(
                assembly.app,
                host=settings.host,
                port=port,
                on_listening=announce,
                on_stop=assembly.hub.close,
            )
        finally:
            folder.retract()
            assembly.stop()
            # What is frozen would be reported as leaked by extension modules at exit.
            gc.unfreeze()


def local_token(folder: DataFolder, tokens: TokenStore) -> str:
    """The secret of the folder's owner, in a file that only they can read."""
    try:
        secret = folder.local_token.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        secret = ""
    known = tokens.lookup(secret)
    if known is None or not known.scopes.issuperset(_LOCAL_SCOPES):
        secret, _ = tokens.create_token(name=LOCAL, scopes=_LOCAL_SCOPES)
        write_private(folder.local_token, f"{secret}\n".encode())
    return secret


def quiet_collector() -> None:
    """What was built at start stays: collecting it over and over is CPU for nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
