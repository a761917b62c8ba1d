"""What every stored fact has: a type tag, a schema version, a tenant and an id."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from opsweave.kernel.ids import DEFAULT_TENANT


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of the facts that stores keep; ``SCHEMA_VERSION`` rises when fields change meaning."""

    SCHEMA_VERSION: ClassVar[int] = 1

    id: str
    tenant: str = DEFAULT_TENANT
    schema_version: int = 1
