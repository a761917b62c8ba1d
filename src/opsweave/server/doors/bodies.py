"""Bodies: read with a bound, decompressed with a bound, so that a bomb costs its limit at most."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import cramjam

from opsweave.server.doors.table import TooLarge, Undecodable, Unsupported

_GZIP_WINDOW = 31
_CHUNK = 1 << 20
_FIRST_OUTPUT = 1 << 20


def too_large(limit: int, how: str) -> TooLarge:
    """The error of both limits."""
    return TooLarge(
        f"the body is larger than {limit} bytes {how}",
        field="body",
        action="send smaller batches",
    )


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its content encoding.

    Raises TooLarge past ``limit`` bytes, Undecodable on damage, Unsupported on an unknown name.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    decoder = _DECODERS.get(name)
    if decoder is None:
        raise Unsupported(
            f"unknown content encoding {encoding[:40]!r}",
            field="Content-Encoding",
            action=f"use one of {', '.join(sorted(_DECODERS))}, or none",
        )
    try:
        return decoder(body, limit)
    except (zlib.error, cramjam.DecompressionError, EOFError) as error:
        raise Undecodable(
            f"the body is not valid {name}: {error}",
            field="body",
            action="compress it again, or send it without Content-Encoding",
        ) from error


def _inflate(body: bytes, limit: int, window: int) -> bytes:
    """Members one after another, as gzip allows; stops right after the limit."""
    parts: list[bytes] = []
    size, rest = 0, body
    while True:
        decoder = zlib.decompressobj(window)
        while True:
            part = decoder.decompress(rest, min(_CHUNK, limit - size + 1))
            size += len(part)
            if size > limit:
                raise too_large(limit, "decompressed")
            parts.append(part)
            rest = decoder.unconsumed_tail
            if decoder.eof:
                break
            if not rest and not part:
                raise EOFError("it ends too early")
        rest = decoder.unused_data
        if not rest or window != _GZIP_WINDOW:
            return b"".join(parts)


def _gzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, _GZIP_WINDOW)


def _deflate(body: bytes, limit: int) -> bytes:
    """HTTP's deflate is zlib; some clients send it raw."""
    try:
        return _inflate(body, limit, zlib.MAX_WBITS)
    except (zlib.error, EOFError):
        return _inflate(body, limit, -zlib.MAX_WBITS)


def _snappy(body: bytes, limit: int) -> bytes:
    """The block format announces its size, which the decoder then holds it to."""
    if cramjam.snappy.decompress_raw_len(body) > limit:
        raise too_large(limit, "decompressed")
    return bytes(cramjam.snappy.decompress_raw(body))


def _zstd(body: bytes, limit: int) -> bytes:
    """Into buffers that grow up to the limit: the size that a frame announces is not trusted."""
    room = min(limit, max(_FIRST_OUTPUT, 8 * len(body)))
    while True:
        out = bytearray(room + 1)
        try:
            size = cramjam.zstd.decompress_into(body, out)
        except cramjam.DecompressionError as error:
            if "whole buffer" not in str(error):
                raise
            size = room + 1
        if size <= room:
            return bytes(memoryview(out)[:size])
        if room >= limit:
            raise too_large(limit, "decompressed")
        room = min(limit, room * 8)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "snappy": _snappy,
    "zstd": _zstd,
}
