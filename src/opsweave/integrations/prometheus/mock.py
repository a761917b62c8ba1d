"""Realistic remote write bodies (not yet compressed)."""

from __future__ import annotations

import struct

from opsweave.integrations.prometheus.wire import WriteRequest

NOW_MS = 1_700_000_000_000
STALE: float = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]


def body(series: int = 3, samples: int = 2, *, now_ms: int = NOW_MS, job: str = "cart") -> bytes:
    """Counters of one job, scraped every 15 s."""
    request = WriteRequest()
    for index in range(series):
        one = request.timeseries.add()
        labels = {
            "__name__": "http_requests_total", "code": "200", "handler": f"/cart/{index}",
            "instance": "10.0.0.7:9100", "job": job, "namespace": "shop",
        }  # fmt: skip
        for name, value in labels.items():
            one.labels.add(name=name, value=value)
        for step in range(samples):
            one.samples.add(value=float(10 * step + index), timestamp=now_ms + 15_000 * step)
    wire: bytes = request.SerializeToString()
    return wire


def samples() -> list[tuple[str, str, bytes]]:
    """(door, content type, body) of what this integration reads."""
    return [("remote_write", "application/x-protobuf", body())]
