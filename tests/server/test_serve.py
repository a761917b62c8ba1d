"""The embedded server as a process: listening, ending, and dying."""

from __future__ import annotations

import signal
import socket
from typing import Any

import httpx
import pytest

from opsweave.integrations.otlp import mock
from opsweave.kernel.errors import RejectInput
from opsweave.server.serve import free_port

pytestmark = pytest.mark.slow


def send(server: Any, body: bytes) -> httpx.Response:
    return httpx.post(
        f"{server.url}/v1/metrics",
        content=body,
        headers={
            "authorization": f"Bearer {server.token}",
            "content-type": "application/x-protobuf",
        },
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_and_prints_nothing(server: Any, number: signal.Signals) -> None:
    assert send(server, mock.metrics()).status_code == 200
    server.process.send_signal(number)
    out, err = server.process.communicate(timeout=10)
    assert server.process.returncode == 0
    assert (out, err) == ("", "")


@pytest.mark.parametrize("rest", ["Content-Length: 100\r\n\r\nx", None])
def test_half_a_request_does_not_hold_the_end(server: Any, rest: str | None) -> None:
    head = (
        f"POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Type: application/x-protobuf\r\n{rest}"
    )
    head = head if rest else ""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert send(server, mock.metrics()).status_code == 200, "the other is being read by now"
        server.process.send_signal(signal.SIGTERM)
        out, err = server.process.communicate(timeout=7)
    assert (server.process.returncode, out, err) == (0, "", "")


def test_killed_it_leaves_nobody_listening(server: Any) -> None:
    assert send(server, mock.metrics()).status_code == 200
    server.process.kill()
    server.process.wait(5)
    with pytest.raises(httpx.ConnectError):
        send(server, mock.metrics())
    assert free_port("127.0.0.1", server.port) == server.port


def test_a_port_in_use_is_said(server: Any) -> None:
    with pytest.raises(RejectInput, match="in use"):
        free_port("127.0.0.1", server.port)


def test_rude_clients_harm_nobody(server: Any) -> None:
    head = (
        f"POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
        "Content-Type: application/x-protobuf\r\n"
    )
    for rude in (
        b"",
        b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        (head + "Content-Length: 1000\r\n\r\nabc").encode(),
        (head + "Content-Length: -1\r\n\r\n").encode(),
        (head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").encode(),
        (head + "Content-Length: 99999999999999999999\r\n\r\n").encode(),
        (head + "X: " + "y" * 1_000_000 + "\r\n\r\n").encode(),
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            try:
                connection.sendall(rude)
                connection.shutdown(socket.SHUT_WR)
                reply = connection.recv(200)
            except OSError:
                continue
            assert not reply.startswith(b"HTTP/1.1 5"), reply
    assert send(server, mock.metrics()).status_code == 200
    after = server.until("counts", lambda counts: counts["stored"] == 1)
    assert after["stored"] == 1
    assert after["lost"] == 0


def test_a_body_over_the_limit_is_refused_while_it_comes(server: Any) -> None:
    def endless() -> Any:
        for _ in range(200):
            yield bytes(1 << 20)

    try:
        response = httpx.post(
            f"{server.url}/v1/metrics",
            content=endless(),
            headers={
                "authorization": f"Bearer {server.token}",
                "content-type": "application/x-protobuf",
            },
        )
        assert response.status_code == 413
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        pass
    assert send(server, mock.metrics()).status_code == 200
