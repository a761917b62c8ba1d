"""The bytes of one ledger record: magic, lengths, checksum, header (MessagePack), body."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from opsweave.kernel.ids import DEFAULT_TENANT

MAGIC = 0x4C57534F  # "OSWL", little endian
PREFIX = struct.Struct("<IIII")
MAX_HEADER = 1 << 20
MAX_BODY = 1 << 30
_MAGIC_BYTES = MAGIC.to_bytes(4, "little")


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a payload besides its bytes. ``dup``: the earlier record with this body."""

    seq: int
    door: str
    at: int
    ct: str = ""
    sha: str = ""
    token: str = ""
    tenant: str = DEFAULT_TENANT
    headers: dict[str, str] = {}
    dup: int | None = None


class Framed(NamedTuple):
    """One good frame found at ``start``; ``end`` is where the next one begins."""

    start: int
    end: int
    header: Header
    body: memoryview


class Damaged(NamedTuple):
    """Bytes from ``start`` to ``end`` that are no good frame."""

    start: int
    end: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Header).decode


def pack(header: Header, body: bytes) -> bytes:
    """The frame of one record."""
    head = _encode(header)
    crc = zlib.crc32(body, zlib.crc32(head))
    return PREFIX.pack(MAGIC, len(head), len(body), crc) + head + body


def unpack(data: memoryview, start: int) -> Framed | None:
    """The frame at ``start``; None when it is torn or damaged."""
    if start + PREFIX.size > len(data):
        return None
    magic, head_size, body_size, crc = PREFIX.unpack_from(data, start)
    if magic != MAGIC or head_size > MAX_HEADER or body_size > MAX_BODY:
        return None
    middle = start + PREFIX.size + head_size
    end = middle + body_size
    if end > len(data):
        return None
    head, body = data[start + PREFIX.size : middle], data[middle:end]
    if zlib.crc32(body, zlib.crc32(head)) != crc:
        return None
    try:
        return Framed(start, end, _decode(head), body)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def scan(data: memoryview) -> Iterator[Framed | Damaged]:
    """Frames in order; after damage it goes on at the next good frame."""
    whole = bytes(data) if len(data) < PREFIX.size else data.obj
    position = 0
    while position < len(data):
        frame = unpack(data, position)
        if frame is not None:
            yield frame
            position = frame.end
            continue
        after = _next_frame(data, whole, position + 1)
        yield Damaged(position, after)
        position = after


def _next_frame(data: memoryview, whole: object, start: int) -> int:
    finder = whole if hasattr(whole, "find") else bytes(data)
    at = finder.find(_MAGIC_BYTES, start)
    while at != -1:
        if unpack(data, at) is not None:
            return int(at)
        at = finder.find(_MAGIC_BYTES, at + 1)
    return len(data)
