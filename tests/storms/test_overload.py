"""More than it bears: 429 with Retry-After, and what was accepted is there."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from opsweave.testing.up import UpProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
CLIENTS = 400


async def slowly(client: httpx.AsyncClient, number: int, gate: asyncio.Event) -> httpx.Response:
    """A body whose end comes only when everybody has begun."""

    async def body() -> object:
        yield b'{"type": "storm", "message": "'
        await gate.wait()
        yield f'{number}"}}'.encode()

    return await client.post("/webhooks/storm", content=body())  # type: ignore[arg-type]


async def storm(url: str, token: str) -> list[httpx.Response]:
    gate = asyncio.Event()
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(
        base_url=url,
        headers={"authorization": f"Bearer {token}"},
        limits=limits,
        timeout=60,
        trust_env=False,
    ) as client:
        tasks = [asyncio.create_task(slowly(client, n, gate)) for n in range(CLIENTS)]
        await asyncio.sleep(1)
        gate.set()
        return [await task for task in tasks]


def test_overload(up: UpProcess) -> None:
    up.start()
    answers = asyncio.run(storm(up.url, up.token("ingest")))
    seen = Counter(answer.status_code for answer in answers)
    assert set(seen) == {202, 429}, seen
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 429)
    counts = up.settle()
    assert counts["received"] == counts["stored"] == seen[202]
    assert counts["lost"] == 0
    assert up.stop() == 0
