"""Labels of a series to an entity, an instance and attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

_ENVIRONMENT = ("env", "environment", "deployment_environment")
_NAMESPACE = ("namespace", "exported_namespace")
_NAME = ("job", "service", "service_name", "app")
_ENTITY = "opsweave_entity"
_COUNTERS = ("_total", "_count", "_sum", "_bucket")
_ENCODER = msgspec.json.Encoder(order="sorted")


class Series(msgspec.Struct, frozen=True):
    """Who a series is about, and what distinguishes it."""

    entity: str
    instance: str
    metric: str
    counter: bool
    attributes: str


def series_of(labels: Iterable[Any]) -> Series:
    """The series of a label set. Raises RejectInput without ``__name__``, or with a name twice."""
    values: dict[str, str] = {}
    n = 0
    for label in labels:
        values[label.name] = label.value
        n += 1
    metric = values.pop("__name__", "")
    if not metric:
        raise RejectInput("a series without the label __name__", field="labels")
    if len(values) + 1 != n:
        raise RejectInput("a series with the same label twice", field="labels")
    return Series(
        _entity(values),
        values.pop("instance", ""),
        metric,
        metric.endswith(_COUNTERS),
        _ENCODER.encode(values).decode(),
    )


def _entity(values: dict[str, str]) -> str:
    """Takes the labels it uses out of ``values``: columns carry them from here on."""
    given = values.pop(_ENTITY, "")
    if given:
        return str(EntityRef.parse(given))
    environment = _take(values, _ENVIRONMENT)
    namespace = _take(values, _NAMESPACE)
    name = _take(values, _NAME)
    # OpenTelemetry's convention: job is "service.namespace/service.name".
    first, slash, second = name.partition("/")
    if slash and first and second:
        namespace, name = namespace or first, second
    return str(EntityRef.of("service", name, environment=environment, namespace=namespace))


def _take(values: dict[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if values.get(name):
            return values.pop(name)
    return ""
