"""A fact as a row, and back."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from opsweave.facts.base import Fact
from opsweave.kernel.ids import content_hash
from opsweave.record.state.heads import head_of
from opsweave.record.state.port import AuditEntry
from opsweave.record.state.upcast import upcast

F = TypeVar("F", bound=Fact)
TIMES = ("at_ns", "started_ns", "opened_ns", "requested_ns", "first_seen_ns")
_encoder = msgspec.json.Encoder()


def tag_of(type_: type[Fact]) -> str:
    """The type tag under which facts are kept."""
    return str(type_.__struct_config__.tag)


def row_of(fact: Fact) -> dict[str, Any]:
    """Columns of the table ``facts``."""
    moment = next((value for name in TIMES if (value := getattr(fact, name, None))), 0)
    version = type(fact).SCHEMA_VERSION
    if fact.schema_version != version:
        fact = msgspec.structs.replace(fact, schema_version=version)
    return {
        "tenant": fact.tenant,
        "type": tag_of(type(fact)),
        "id": fact.id,
        "entity": str(getattr(fact, "entity", "")),
        "status": str(getattr(fact, "status", "")),
        "at_ns": moment,
        **head_of(fact)._asdict(),
        "schema_version": version,
        "body": _encoder.encode(fact).decode(),
    }


def fact_of(type_: type[F], version: int, body: str) -> F:
    """The fact of a row, brought up to the present version."""
    if version == type_.SCHEMA_VERSION:
        return msgspec.json.decode(body, type=type_)
    raw = upcast(tag_of(type_), version, type_.SCHEMA_VERSION, msgspec.json.decode(body))
    return msgspec.convert(raw, type_)


def link(
    number: int,
    at_ns: int,
    principal: str,
    verb: str,
    object_: str,
    says: str,
    previous: str,
) -> AuditEntry:
    """The next link of the audit trail."""
    digest = content_hash(
        str(number), str(at_ns), principal, verb, object_, says, previous, length=64
    )
    return AuditEntry(
        number=number,
        at_ns=at_ns,
        principal=principal,
        verb=verb,
        object=object_,
        says=says,
        previous=previous,
        hash=digest,
    )


def broken_link(trail: list[AuditEntry]) -> int | None:
    """Number of the first entry (oldest first) that does not fit its chain; None when all do."""
    previous = ""
    for number, entry in enumerate(trail):
        again = link(
            number,
            entry.at_ns,
            entry.principal,
            entry.verb,
            entry.object,
            entry.says,
            previous,
        )
        if again != entry:
            return number
        previous = entry.hash
    return None
