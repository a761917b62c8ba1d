"""Decompression: every encoding, damage, and bombs."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib

import cramjam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsweave.server.doors.bodies import decompress
from opsweave.server.doors.table import TooLarge, Undecodable, Unsupported


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw": raw_deflate,
    "snappy": lambda data: bytes(cramjam.snappy.compress_raw(data)),
    "zstd": lambda data: bytes(cramjam.zstd.compress(data)),
}
NAMES = {name: "deflate" if name == "raw" else name for name in ENCODERS}


@pytest.mark.parametrize("name", ENCODERS)
@settings(deadline=None, max_examples=40)
@given(data=st.binary(max_size=4000))
def test_round_trip(name: str, data: bytes) -> None:
    assert decompress(ENCODERS[name](data), NAMES[name], 4000) == data


@pytest.mark.parametrize("name", ENCODERS)
def test_the_limit_is_exact(name: str) -> None:
    data = b"0123456789" * 500
    assert decompress(ENCODERS[name](data), NAMES[name], 5000) == data
    with pytest.raises(TooLarge):
        decompress(ENCODERS[name](data), NAMES[name], 4999)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_costs_little_more_than_the_limit(name: str) -> None:
    bomb = ENCODERS[name](bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        decompress(bomb, NAMES[name], 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("name", ENCODERS)
@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes(name: str, data: bytes) -> None:
    with contextlib.suppress(Undecodable, TooLarge):
        decompress(data, NAMES[name], 10_000)


@pytest.mark.parametrize("name", ENCODERS)
def test_truncation_is_damage(name: str) -> None:
    whole = ENCODERS[name](bytes(range(256)) * 4)
    for end in (0, 1, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Undecodable):
            decompress(whole[:end], NAMES[name], 10_000)


def test_gzip_members_are_joined() -> None:
    assert decompress(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", 10) == b"ab"
    with pytest.raises(Undecodable):
        decompress(gzip.compress(b"a") + b"rubbish", "gzip", 10)


def test_names() -> None:
    assert decompress(b"x", "", 1) == decompress(b"x", "identity", 1) == b"x"
    with pytest.raises(Unsupported):
        decompress(b"x", "br", 1)
