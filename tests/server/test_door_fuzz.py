"""Whatever is sent to a door, the answer is one that its table names; never a 500, never a hang.

``OPSWEAVE_FUZZ_SECONDS`` sets how long the long run lasts (10 by default), ``OPSWEAVE_FUZZ_SEED``
where it starts.
"""

from __future__ import annotations

import gzip
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cramjam
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from opsweave.integrations.discover import manifests
from opsweave.server.counts import counts
from opsweave.server.doors.discover import all_doors
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.doors.table import Door
from opsweave.testing.doors import DoorRig
from opsweave.testing.integration import samples
from opsweave.testing.mutation import mutated, retyped

LIMITS = DoorSettings(max_body=60_000, max_decompressed=120_000)
BODIES: dict[str, list[tuple[str, bytes]]] = {}
for _room in manifests():
    for _door, _type, _body in samples(_room):
        BODIES.setdefault(_door, []).append((_type, _body))
TYPES = (
    "application/json", "application/x-protobuf", "application/cloudevents+json",
    "application/cloudevents-batch+json", "text/plain", "", "\xff", "application/json; charset=x",
    "application/x-protobuf;proto=io.prometheus.write.v2.Request", "multipart/form-data",
)  # fmt: skip
ENCODINGS = ("identity", "gzip", "deflate", "zstd", "snappy", "br", "", "gzip, gzip", "\xff")
Client = TestClient[Any]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DoorRig]:
    made = DoorRig(tmp_path, settings=LIMITS)
    yield made
    made.close()


@pytest.fixture
def client(rig: DoorRig) -> Iterator[Client]:
    with TestClient(
        rig.app, base_url="http://localhost.local", raise_server_exceptions=True
    ) as found:
        yield found


def compressed(body: bytes, encoding: str) -> bytes:
    match encoding:
        case "gzip":
            return gzip.compress(body, 1)
        case "zstd":
            return bytes(cramjam.zstd.compress(body))
        case "snappy":
            return bytes(cramjam.snappy.compress_raw(body))
        case _:
            return body


def request_of(door: Door, rig: DoorRig, dice: random.Random) -> tuple[bytes, dict[str, str]]:
    """A sample gone wrong in its body, its encoding or its headers."""
    content_type, body = dice.choice(BODIES[door.id])
    for _ in range(dice.randrange(3)):
        body = mutated(body, dice)
    if "json" in content_type and dice.random() < 0.5:
        body = retyped(dice.choice(BODIES[door.id])[1], dice) if _is_json(door, dice) else body
    if dice.random() < 0.03:
        body = bytes(dice.choice((0, 59_999, 60_001, 119_999, 500_000)))
    encoding = "snappy" if door.must_encode else dice.choice(("identity", "gzip", "zstd"))
    body = compressed(body, encoding)
    if dice.random() < 0.2:
        body = mutated(body, dice)
    headers = rig.headers(content_type=content_type, content_encoding=encoding)
    if dice.random() < 0.1:
        headers["content-type"] = dice.choice(TYPES)
    if dice.random() < 0.1:
        headers["content-encoding"] = dice.choice(ENCODINGS)
    if dice.random() < 0.1:
        headers |= {"ce-id": "%zz", "ce-source": "\xe9", "ce-type": dice.choice(("", "x"))}
    if dice.random() < 0.05:
        headers["authorization"] = dice.choice(("", "Bearer", "Basic !", "Bearer \xff", "x y z"))
    return body, headers


def _is_json(door: Door, dice: random.Random) -> bool:
    return all("json" in content_type for content_type, _ in BODIES[door.id])


def send(door: Door, rig: DoorRig, client: Client, body: bytes, headers: dict[str, str]) -> int:
    path = door.path.replace("{source:str}", "ci")
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    before = rig.ledger.next_seq()
    response = client.post(path, content=body, headers=raw)
    kept = rig.ledger.next_seq() - before
    rows = [case for case in door.cases if case.status == response.status_code]
    assert rows, (response.status_code, response.text)
    assert kept in {int(case.kept) for case in rows}, (response.status_code, kept)
    if response.status_code >= 400 and "json" in response.headers["content-type"]:
        assert {"error", "field", "action"} <= set(msgspec.json.decode(response.content))
    return response.status_code


def settle(rig: DoorRig) -> None:
    """Everything kept gets its outcome, and no parser or store failed on the way."""
    while rig.pump.step():
        pass
    after = counts(rig.ledger, rig.telemetry)
    assert after.lost == after.pending == 0
    assert rig.pump.status().failures == 0
    bugs = rig.telemetry.query(
        "select distinct reason from applied where contains(reason, 'store refused')"
        " or contains(reason, 'Error:')"
    )
    assert not bugs["reason"]


@pytest.mark.parametrize("door", all_doors(), ids=lambda door: door.id)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**63))
def test_samples_gone_wrong(door: Door, seed: int, rig: DoorRig, client: Client) -> None:
    send(door, rig, client, *request_of(door, rig, random.Random(seed)))
    settle(rig)


@pytest.mark.parametrize("door", all_doors(), ids=lambda door: door.id)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=200),
    content_type=st.sampled_from(TYPES),
    encoding=st.sampled_from(ENCODINGS),
)
def test_arbitrary_bytes(
    door: Door, body: bytes, content_type: str, encoding: str, rig: DoorRig, client: Client
) -> None:
    headers = rig.headers(content_type=content_type, content_encoding=encoding)
    send(door, rig, client, body, headers)
    settle(rig)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_long_run(rig: DoorRig, client: Client) -> None:
    seconds = float(os.environ.get("OPSWEAVE_FUZZ_SECONDS", "10"))
    seed = int(os.environ.get("OPSWEAVE_FUZZ_SEED", str(random.randrange(1 << 32))))
    end, n, seen = time.monotonic() + seconds, 0, dict[int, int]()
    while time.monotonic() < end:
        dice = random.Random(seed + n)
        door = dice.choice(all_doors())
        body, headers = request_of(door, rig, dice)
        started = time.monotonic()
        try:
            status = send(door, rig, client, body, headers)
        except AssertionError as error:
            raise AssertionError(f"OPSWEAVE_FUZZ_SEED={seed + n}: {door.id}: {error}") from error
        assert time.monotonic() - started < 5, f"OPSWEAVE_FUZZ_SEED={seed + n} took long"
        seen[status] = seen.get(status, 0) + 1
        n += 1
        if n % 200 == 0:
            settle(rig)
    settle(rig)
    print(f"{n} requests from seed {seed}, by status: {dict(sorted(seen.items()))}")
