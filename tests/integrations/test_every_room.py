"""The contract suite over every integration that reads a door."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsweave.integrations.discover import manifests, module, parsers
from opsweave.testing.integration import check_body, check_room, payload, samples
from opsweave.testing.mutation import mutated, retyped

quick = settings(deadline=None, max_examples=60)

ROOMS = [room for room, manifest in manifests().items() if manifest.doors]
BODIES = [sample for room in ROOMS for sample in samples(room)]
TYPES = {
    "otlp_metrics": ("application/x-protobuf", "application/json"),
    "otlp_logs": ("application/x-protobuf", "application/json"),
    "otlp_traces": ("application/x-protobuf", "application/json"),
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def test_rooms_are_found_by_their_manifest() -> None:
    assert {"otlp", "prometheus", "alertmanager", "cloudevents", "webhook"} <= set(ROOMS)
    assert "backstage" in manifests()
    assert module("otlp", "actions") is None


@pytest.mark.parametrize("room", ROOMS)
def test_room_keeps_the_contract(room: str) -> None:
    check_room(room)


@pytest.mark.parametrize("door", sorted(parsers()))
@quick
@given(body=st.binary(max_size=300))
def test_arbitrary_bytes(door: str, body: bytes) -> None:
    for content_type in TYPES.get(door, ("application/json",)):
        check_body(parsers()[door], payload(door, content_type, body))


@pytest.mark.parametrize(
    ("door", "content_type", "body"),
    BODIES,
    ids=[f"{d}-{t[12:]}-{i}" for i, (d, t, _) in enumerate(BODIES)],
)
@quick
@given(seed=st.integers(0, 2**32))
def test_mutated_samples(door: str, content_type: str, body: bytes, seed: int) -> None:
    dice = random.Random(seed)
    change = retyped if "json" in content_type and dice.random() < 0.7 else mutated
    check_body(parsers()[door], payload(door, content_type, change(body, dice)))


@pytest.mark.parametrize("door", sorted(parsers()))
@quick
@given(document=json_values)
def test_arbitrary_json(door: str, document: object) -> None:
    body = json.dumps(document).encode()
    check_body(parsers()[door], payload(door, "application/json", body))
