"""OTLP metrics to the columns of ``points``."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from opsweave.integrations.contract import Parsed
from opsweave.integrations.otlp.columns import batch_of, new_columns
from opsweave.integrations.otlp.histograms import explicit
from opsweave.integrations.otlp.rejects import Rejects
from opsweave.integrations.otlp.resource import Speaker, speaker_of
from opsweave.integrations.otlp.targets import BAD_TARGET, Targets
from opsweave.integrations.otlp.values import AttributeSets

_INT64 = 1 << 63
_NO_RECORDED_VALUE = pb.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
_TEMPORALITY = {0: "", 1: "delta", 2: "cumulative"}
_NONE: tuple[Any, ...] = ()
BAD_TIME = "time_unix_nano is 0 or beyond the year 2262"


class MetricRows:
    """Walks metrics; wrong points are counted in ``rejects`` and left out."""

    def __init__(self, rejects: Rejects) -> None:
        self.columns = new_columns("points")
        self._rejects = rejects
        self._sets = AttributeSets()
        self._targets = Targets()
        self._readers: dict[str, Callable[[Speaker, pb.Metric], None]] = {
            "gauge": lambda who, m: self._numbers(who, m, m.gauge.data_points, "gauge"),
            "sum": self._sums,
            "histogram": self._histograms,
            "exponential_histogram": self._exponentials,
            "summary": self._summaries,
        }

    def add(self, who: Speaker, metric: pb.Metric) -> None:
        """All points of one metric."""
        reader = self._readers.get(metric.WhichOneof("data") or "")
        if reader is None:
            return
        if not metric.name:
            self._rejects.add("a metric without a name", _size(metric))
            return
        reader(who, metric)

    def _sums(self, who: Speaker, metric: pb.Metric) -> None:
        data = metric.sum
        self._numbers(
            who,
            metric,
            data.data_points,
            "sum",
            data.aggregation_temporality,
            monotonic=data.is_monotonic,
        )

    def _numbers(
        self,
        who: Speaker,
        metric: pb.Metric,
        points: Any,
        kind: str,
        temporality: int = 0,
        *,
        monotonic: bool = False,
    ) -> None:
        columns, rejects = self.columns, self._rejects
        add_ts, add_value = columns["ts"].append, columns["value"].append
        add_entity, add_start = columns["entity"].append, columns["start_ts"].append
        add_attributes, attributes_of = columns["attributes"].append, self._sets.of
        entity, n = who.entity, 0
        for point in points:
            ts = point.time_unix_nano
            if not 0 < ts < _INT64:
                rejects.add(BAD_TIME)
                continue
            if point.flags & _NO_RECORDED_VALUE:
                continue
            attributes, target = attributes_of(point.attributes)
            speaks_for: str | None = entity
            if target and (speaks_for := self._targets.of(target)) is None:
                rejects.add(BAD_TARGET)
                continue
            # A number that is not 0 says itself which of the two it is.
            value = point.as_double or float(point.as_int)
            if not value and not point.HasField("as_double") and not point.HasField("as_int"):
                rejects.add("a number point without a value")
                continue
            start = point.start_time_unix_nano
            add_ts(ts)
            add_value(value)
            add_entity(speaks_for)
            add_start(start if start < _INT64 else 0)
            add_attributes(attributes)
            n += 1
        self._constant(who, metric, kind, temporality, monotonic, n)
        columns["count"].extend([1] * n)
        columns["bounds"].extend([_NONE] * n)
        columns["buckets"].extend([_NONE] * n)

    def _constant(
        self, who: Speaker, metric: pb.Metric, kind: str, temporality: int, monotonic: bool, n: int
    ) -> None:
        """What is the same for the ``n`` points of one metric."""
        columns = self.columns
        columns["instance"].extend([who.instance] * n)
        columns["metric"].extend([metric.name] * n)
        columns["unit"].extend([metric.unit] * n)
        columns["kind"].extend([kind] * n)
        columns["temporality"].extend([_TEMPORALITY.get(temporality, "")] * n)
        columns["monotonic"].extend([monotonic] * n)

    def _histograms(self, who: Speaker, metric: pb.Metric) -> None:
        data = metric.histogram
        for point in data.data_points:
            bounds, buckets = list(point.explicit_bounds), list(point.bucket_counts)
            total = point.sum if point.HasField("sum") else math.nan
            self._histogram(who, metric, data.aggregation_temporality, point, total,
                            bounds, buckets)  # fmt: skip

    def _exponentials(self, who: Speaker, metric: pb.Metric) -> None:
        data = metric.exponential_histogram
        for point in data.data_points:
            found = explicit(point)
            if found is None:
                self._rejects.add("exponential buckets beyond a double, or over 4096 of them")
                continue
            total = point.sum if point.HasField("sum") else math.nan
            self._histogram(who, metric, data.aggregation_temporality, point, total, *found)

    def _summaries(self, who: Speaker, metric: pb.Metric) -> None:
        """Sum and count as a histogram without bounds, each quantile as a gauge."""
        for point in metric.summary.data_points:
            if not self._histogram(who, metric, 2, point, point.sum, [], []):
                continue
            for quantile in point.quantile_values:
                gauge = pb.NumberDataPoint(
                    time_unix_nano=point.time_unix_nano, as_double=quantile.value
                )
                gauge.attributes.extend(point.attributes)
                label = gauge.attributes.add(key="quantile")
                label.value.double_value = quantile.quantile
                self._numbers(who, metric, (gauge,), "gauge")

    def _histogram(
        self,
        who: Speaker,
        metric: pb.Metric,
        temporality: int,
        point: Any,
        total: float,
        bounds: list[float],
        buckets: list[int],
    ) -> bool:
        """One row; False when the point is wrong or has no recorded value."""
        if not 0 < point.time_unix_nano < _INT64:
            self._rejects.add(BAD_TIME)
            return False
        if point.flags & _NO_RECORDED_VALUE:
            return False
        if wrong := _wrong_buckets(bounds, buckets, point.count):
            self._rejects.add(wrong)
            return False
        attributes, target = self._sets.of(point.attributes)
        entity = self._targets.of(target) if target else who.entity
        if entity is None:
            self._rejects.add(BAD_TARGET)
            return False
        start = point.start_time_unix_nano
        columns = self.columns
        columns["ts"].append(point.time_unix_nano)
        columns["entity"].append(entity)
        columns["attributes"].append(attributes)
        columns["value"].append(total)
        columns["start_ts"].append(start if start < _INT64 else 0)
        columns["count"].append(point.count)
        columns["bounds"].append(bounds)
        columns["buckets"].append(buckets)
        self._constant(who, metric, "histogram", temporality, False, 1)
        return True


def _wrong_buckets(bounds: list[float], buckets: list[int], count: int) -> str:
    """Why a histogram is not one, or ''."""
    if not (0 <= count < _INT64):
        return "a histogram's count is beyond 2**63"
    if not buckets and not bounds:
        return ""
    if len(buckets) != len(bounds) + 1:
        return "a histogram needs one bucket more than bounds"
    if any(not low < high for low, high in pairwise(bounds)):
        return "a histogram's bounds do not rise"
    if any(math.isnan(bound) for bound in bounds):
        return "a histogram's bound is no number"
    if sum(buckets) != count:
        return "a histogram's buckets do not add up to its count"
    return ""


def _size(metric: pb.Metric) -> int:
    kind = metric.WhichOneof("data")
    return len(getattr(metric, kind).data_points) if kind else 0


def parse_metrics(request: ExportMetricsServiceRequest, rejects: Rejects) -> Parsed:
    """Every usable point of the request."""
    rows = MetricRows(rejects)
    for resource in request.resource_metrics:
        if not (scopes := resource.scope_metrics):
            continue  # two bytes each: a small body can hold millions of them
        who = speaker_of(resource.resource.attributes)
        for scope in scopes:
            for metric in scope.metrics:
                rows.add(who, metric)
    return Parsed(batch=batch_of(points=rows.columns), rejected=rejects.rejected())
