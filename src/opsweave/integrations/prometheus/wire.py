"""The messages of remote write 1.0, described here because no package ships them.

Field numbers from the Prometheus remote write 1.0 specification (``prometheus.WriteRequest``).
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_P = descriptor_pb2.FieldDescriptorProto
_PACKAGE = "opsweave.prometheus"
_Field = tuple[str, int, int, bool, str]
"""(name, number, type, repeated, message)."""

_MESSAGES: dict[str, tuple[_Field, ...]] = {
    "Label": (("name", 1, _P.TYPE_STRING, False, ""), ("value", 2, _P.TYPE_STRING, False, "")),
    "Sample": (("value", 1, _P.TYPE_DOUBLE, False, ""), ("timestamp", 2, _P.TYPE_INT64, False, "")),
    "BucketSpan": (
        ("offset", 1, _P.TYPE_SINT32, False, ""),
        ("length", 2, _P.TYPE_UINT32, False, ""),
    ),
    "Histogram": (
        ("count_int", 1, _P.TYPE_UINT64, False, ""),
        ("count_float", 2, _P.TYPE_DOUBLE, False, ""),
        ("sum", 3, _P.TYPE_DOUBLE, False, ""),
        ("schema", 4, _P.TYPE_SINT32, False, ""),
        ("zero_threshold", 5, _P.TYPE_DOUBLE, False, ""),
        ("zero_count_int", 6, _P.TYPE_UINT64, False, ""),
        ("negative_spans", 8, _P.TYPE_MESSAGE, True, "BucketSpan"),
        ("negative_deltas", 9, _P.TYPE_SINT64, True, ""),
        ("positive_spans", 11, _P.TYPE_MESSAGE, True, "BucketSpan"),
        ("positive_deltas", 12, _P.TYPE_SINT64, True, ""),
        ("timestamp", 15, _P.TYPE_INT64, False, ""),
        ("custom_values", 16, _P.TYPE_DOUBLE, True, ""),
    ),
    "TimeSeries": (
        ("labels", 1, _P.TYPE_MESSAGE, True, "Label"),
        ("samples", 2, _P.TYPE_MESSAGE, True, "Sample"),
        ("histograms", 4, _P.TYPE_MESSAGE, True, "Histogram"),
    ),
    "WriteRequest": (("timeseries", 1, _P.TYPE_MESSAGE, True, "TimeSeries"),),
}


def _build() -> type[Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="opsweave/prometheus.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind, repeated, of in fields:
            field = message.field.add(
                name=field_name,
                number=number,
                type=_P.Type.ValueType(kind),
                label=_P.LABEL_REPEATED if repeated else _P.LABEL_OPTIONAL,
            )
            if of:
                field.type_name = f".{_PACKAGE}.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.WriteRequest"))


WriteRequest: Any = _build()
"""A ``prometheus.WriteRequest``; metadata and exemplars are skipped as unknown fields."""
