"""Limits of the doors."""

from __future__ import annotations

import msgspec

MIB = 1 << 20


class DoorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in bytes, times in seconds."""

    max_body: int = 16 * MIB
    """Of a body as sent."""
    max_decompressed: int = 32 * MIB
    """Of a body after decompression."""
    max_requests: int = 256
    """In flight over all doors; more are answered 429."""
    max_in_flight: int = 64 * MIB
    """Of all bodies in flight, as sent and decompressed."""
    read_timeout_s: float = 30.0
    """For a whole body to arrive; then 408."""
    append_timeout_s: float = 30.0
    """For the ledger to say that a body is on disk; then 503."""
    retry_after_s: float = 2.0
    drain_bytes: int = 16 * MIB
    """Of a refused body that are read and forgotten, so that its sender hears the refusal."""
    drain_s: float = 2.0
    handoff_bytes: int = 8 * MIB
    """Of bodies whose decoded form waits for the pump; above it the pump decodes again. Decoded,
    a body takes about ten times its size."""
