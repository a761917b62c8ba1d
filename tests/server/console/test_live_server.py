"""The stream over a real server: heard within a second, and no hindrance to its end."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from opsweave.testing.up import UpProcess

pytestmark = pytest.mark.slow


def test_news_arrive_and_the_server_ends_at_once(tmp_path: Path) -> None:
    up = UpProcess(tmp_path / "data")
    up.start()
    try:
        secret = (up.data / "local.token").read_text("ascii").strip()
        reader = {"authorization": f"Bearer {secret}"}
        sender = {"authorization": f"Bearer {up.token('ingest')}"}
        with (
            httpx.Client(base_url=up.url, timeout=10, trust_env=False) as client,
            client.stream("GET", "/api/v1/live?topics=telemetry", headers=reader) as stream,
        ):
            assert stream.headers["content-type"] == "text/event-stream"
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            event = {"type": "build.done", "message": "done"}
            sent = httpx.post(f"{up.url}/webhooks/ci", json=event, headers=sender, trust_env=False)
            assert sent.status_code < 300
            assert next(line for line in lines if line.startswith("data:")).count("telemetry") == 1
            began = time.monotonic()
            assert up.stop() == 0
            assert time.monotonic() - began < 8, "the drain of ten seconds was not waited for"
            list(lines)
    finally:
        up.kill()
