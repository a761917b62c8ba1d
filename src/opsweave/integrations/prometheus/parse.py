"""Remote write 1.0 to the columns of ``points``."""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Sequence
from typing import Any

from google.protobuf.message import DecodeError

from opsweave.integrations.contract import Parsed, Payload, Rejected
from opsweave.integrations.prometheus.native import explicit
from opsweave.integrations.prometheus.series import Series, series_of
from opsweave.integrations.prometheus.wire import WriteRequest
from opsweave.kernel.errors import RejectInput
from opsweave.record.telemetry.schema import POINTS, Batch

_MILLISECOND = 1_000_000
_LAST = (1 << 63) // _MILLISECOND
_STALE = 0x7FF0000000000002
"""The bits of the NaN by which Prometheus says that a series has ended."""
_NONE: tuple[Any, ...] = ()


def parse(payload: Payload) -> Parsed:
    """Points of every usable series. Raises RejectInput when the body is no WriteRequest."""
    request = WriteRequest()
    try:
        request.ParseFromString(payload.body)
    except DecodeError as error:
        raise RejectInput(
            f"not a prometheus.WriteRequest: {error}",
            field="body",
            action="send remote write 1.0, snappy compressed",
        ) from error
    rows = _Rows()
    for series in request.timeseries:
        if not (series.samples or series.histograms):
            continue  # two bytes each: a small body can hold millions of them
        try:
            who = series_of(series.labels)
        except RejectInput as error:
            rows.wrong[error.says] += len(series.samples) + len(series.histograms)
            continue
        rows.samples(who, series.samples)
        for histogram in series.histograms:
            rows.histogram(who, histogram)
    columns = rows.columns
    tables: dict[str, dict[str, Sequence[Any]]] = {"points": dict(columns)} if columns["ts"] else {}
    reasons = tuple(f"{n} x {reason}" for reason, n in rows.wrong.most_common(8))
    return Parsed(
        batch=Batch(tables=tables), rejected=Rejected(n=rows.wrong.total(), reasons=reasons)
    )


class _Rows:
    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = {name: [] for name in POINTS}
        self.wrong: Counter[str] = Counter()

    def samples(self, who: Series, samples: Any) -> None:
        columns = self.columns
        add_ts, add_value = columns["ts"].append, columns["value"].append
        n = 0
        for sample in samples:
            milliseconds, value = sample.timestamp, sample.value
            if not 0 < milliseconds < _LAST:
                self.wrong["a timestamp that is 0, negative or beyond the year 2262"] += 1
                continue
            if math.isnan(value) and _is_stale(value):
                continue
            add_ts(milliseconds * _MILLISECOND)
            add_value(value)
            n += 1
        self._constant(who, "sum" if who.counter else "gauge", n)
        columns["count"].extend([1] * n)
        columns["bounds"].extend([_NONE] * n)
        columns["buckets"].extend([_NONE] * n)

    def histogram(self, who: Series, histogram: Any) -> None:
        if math.isnan(histogram.sum) and _is_stale(histogram.sum):
            return
        found = explicit(histogram)
        if found is None or sum(found[1]) >= 1 << 63 or not 0 < histogram.timestamp < _LAST:
            self.wrong["a native histogram of floats, or one that is wrong in itself"] += 1
            return
        columns = self.columns
        columns["ts"].append(histogram.timestamp * _MILLISECOND)
        columns["value"].append(histogram.sum)
        columns["count"].append(sum(found[1]))
        columns["bounds"].append(found[0])
        columns["buckets"].append(found[1])
        self._constant(who, "histogram", 1)

    def _constant(self, who: Series, kind: str, n: int) -> None:
        """What is the same for ``n`` rows of one series."""
        columns = self.columns
        columns["entity"].extend([who.entity] * n)
        columns["instance"].extend([who.instance] * n)
        columns["metric"].extend([who.metric] * n)
        columns["unit"].extend([""] * n)
        columns["kind"].extend([kind] * n)
        columns["temporality"].extend(["" if kind == "gauge" else "cumulative"] * n)
        columns["monotonic"].extend([kind == "sum"] * n)
        columns["attributes"].extend([who.attributes] * n)
        columns["start_ts"].extend([0] * n)


def _is_stale(value: float) -> bool:
    return bool(struct.unpack("<Q", struct.pack("<d", value))[0] == _STALE)
