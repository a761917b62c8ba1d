"""Who speaks: a resource's attributes to an entity, as docs/architecture.md says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from opsweave.integrations.otlp.values import as_dict, text
from opsweave.kernel.ids import EntityRef


class Speaker(msgspec.Struct, frozen=True):
    """The entity behind a resource."""

    ref: EntityRef
    entity: str
    """``str(ref)``, spelled once."""
    instance: str
    version: str


def speaker_of(attributes: Iterable[KeyValue]) -> Speaker:
    """The speaker of one resource."""
    values = as_dict(attributes)
    ref = EntityRef.of(
        _get(values, "opsweave.entity.kind") or "service",
        _get(values, "service.name"),
        environment=_get(values, "deployment.environment.name")
        or _get(values, "deployment.environment"),
        namespace=_get(values, "service.namespace"),
    )
    return Speaker(
        ref, str(ref), _get(values, "service.instance.id"), _get(values, "service.version")
    )


def _get(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    return "" if value is None else text(value)
