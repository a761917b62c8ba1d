"""The web server inside the owning process: when the process dies, nothing else lives on."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar

from opsweave.kernel.errors import RejectInput
from opsweave.server.patience import BodyInTime, connections

log = logging.getLogger("opsweave.serve")
_BACKLOG = 1024
_DRAIN_S = 10
_HEADERS = 128 << 10
"""Held of a connection's request before anybody has looked at its token."""


def free_port(host: str, port: int) -> int:
    """The port itself when it is free, or a free one for 0. Raises RejectInput when it is taken.

    Asked before listening, because the server shares a port with whoever allows it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            says = (
                "is in use"
                if isinstance(error, OSError) and error.errno == errno.EADDRINUSE
                else f"cannot be used: {error}"
            )
            raise RejectInput(
                f"{host}:{port} {says}", field="port", action="choose another with --port"
            ) from error
        chosen: int = probe.getsockname()[1]
        return chosen


def serve(
    app: Litestar,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    on_listening: Callable[[int], None] | None = None,
    on_loop: Callable[[asyncio.AbstractEventLoop, Callable[[], None]], None] | None = None,
    on_stop: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in flight and return.

    ``on_listening(port)`` is called once connections are taken; ``on_loop(loop, stop)`` hands out
    the loop and a function that stops the server (call it through ``loop.call_soon_threadsafe``).
    ``on_stop`` is called as soon as it is asked to stop: what streams without end ends there.
    Bodies that are on their way then are waited for briefly. Runs in the main thread, prints
    nothing.
    """
    chosen = free_port(host, port)
    asyncio.run(_serve(app, host, chosen, on_listening, on_loop, on_stop))


async def _serve(
    app: Litestar,
    host: str,
    port: int,
    on_listening: Callable[[int], None] | None,
    on_loop: Callable[[asyncio.AbstractEventLoop, Callable[[], None]], None] | None,
    on_stop: Callable[[], None] | None,
) -> None:
    loop = asyncio.get_running_loop()
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=connections(),
        http1_settings=HTTP1Settings(max_buffer_size=_HEADERS),
        log_enabled=False,
        log_level=LogLevels.critical,
    )
    server.workers_kill_timeout = _DRAIN_S
    stopped = asyncio.Event()

    def stop() -> None:
        stopped.set()
        if on_stop is not None:
            on_stop()
        bodies = app.state.get("bodies")
        if isinstance(bodies, BodyInTime):
            bodies.hurry()
        server.stop()  # type: ignore[no-untyped-call]  # granian has no types here

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    if on_loop is not None:
        on_loop(loop, stop)
    announced = asyncio.create_task(_announce(host, port, on_listening))
    try:
        await server.serve()
    except TimeoutError:
        # As by a head that is half sent: only the server itself sees it.
        log.warning("requests in flight were cut: they took longer than %s s", _DRAIN_S)
    finally:
        announced.cancel()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    with contextlib.suppress(asyncio.CancelledError):
        await announced


async def _announce(host: str, port: int, tell: Callable[[int], None] | None) -> None:
    """Tell once a connection succeeds: a port that is announced can be used."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # asks, not binds
    while True:
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        break
    if tell is not None:
        tell(port)
