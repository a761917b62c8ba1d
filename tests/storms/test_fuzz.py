"""Bodies gone wrong against the wired server, over real connections: never a 500, never a hang.

``OPSWEAVE_FUZZ_SECONDS`` sets how long (10 by default), ``OPSWEAVE_FUZZ_SEED`` where it starts.
"""

from __future__ import annotations

import gzip
import os
import random
import time
from collections import Counter

import cramjam
import httpx
import pytest

from opsweave.integrations.discover import manifests
from opsweave.server.doors.discover import all_doors
from opsweave.server.doors.table import Door
from opsweave.testing.integration import samples
from opsweave.testing.mutation import mutated
from opsweave.testing.up import UpProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]
SECONDS = float(os.environ.get("OPSWEAVE_FUZZ_SECONDS", "10"))
SEED = int(os.environ.get("OPSWEAVE_FUZZ_SEED", str(random.randrange(1 << 32))))
BODIES: dict[str, list[tuple[str, bytes]]] = {}
for _room in manifests():
    for _door, _type, _body in samples(_room):
        BODIES.setdefault(_door, []).append((_type, _body))


def wrong(door: Door, dice: random.Random) -> tuple[bytes, dict[str, str]]:
    """A sample, mutated before or after compression, now and then under a wrong name."""
    content_type, body = dice.choice(BODIES[door.id])
    for _ in range(dice.randrange(4)):
        body = mutated(body, dice)
    encoding = "snappy" if door.must_encode else dice.choice(("identity", "gzip", "zstd"))
    if encoding == "gzip":
        body = gzip.compress(body, 1)
    elif encoding == "zstd":
        body = bytes(cramjam.zstd.compress(body))
    elif encoding == "snappy":
        body = bytes(cramjam.snappy.compress_raw(body))
    if dice.random() < 0.2:
        body = mutated(body, dice)
    headers = {"content-type": content_type, "content-encoding": encoding}
    if dice.random() < 0.1:
        headers["content-type"] = dice.choice(("application/json", "text/plain", "x"))
    if dice.random() < 0.05:
        headers["content-encoding"] = dice.choice(("br", "gzip", "identity"))
    return body, headers


def test_doors(up: UpProcess) -> None:
    up.start()
    token, seen = up.token("ingest"), Counter[int]()
    doors, kept, n = all_doors(), 0, 0
    end = time.monotonic() + SECONDS
    with httpx.Client(base_url=up.url, timeout=10, trust_env=False) as client:
        while time.monotonic() < end:
            dice = random.Random(SEED + n)
            door = dice.choice(doors)
            body, headers = wrong(door, dice)
            if dice.random() > 0.03:
                headers["authorization"] = f"Bearer {token}"
            path = door.path.replace("{source:str}", "ci")
            status = client.post(path, content=body, headers=headers).status_code
            rows = [case for case in door.cases if case.status == status]
            assert rows, f"OPSWEAVE_FUZZ_SEED={SEED + n}: {door.id} answered {status}"
            if all(case.kept for case in rows):
                kept += 1
            seen[status] += 1
            n += 1
    counts = up.settle(120)
    assert counts["lost"] == counts["pending"] == 0
    assert counts["received"] >= kept
    status = up.get("status")
    assert status["pump"]["failures"] == 0
    assert status["loop"]["failures"] == 0, status["loop"]
    bugs = up.query("select distinct reason from applied where contains(reason, 'store refused')")
    assert not bugs["reason"]
    assert up.stop() == 0
    print(f"{n} requests from seed {SEED}, by status: {dict(sorted(seen.items()))}, {counts}")
