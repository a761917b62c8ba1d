"""What ``customData.opsweave`` adds to a CDEvent, for kinds that CDEvents has no word for."""

from __future__ import annotations

from typing import Any

import msgspec

from opsweave.facts.change import ChangeKind
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

_FIELD = "customData.opsweave"


class Custom(msgspec.Struct, frozen=True, kw_only=True):
    """All fields are optional; what is given wins over what the event itself says."""

    id: str = ""
    entity: str = ""
    kind: ChangeKind | None = None
    version_from: str = ""
    version_to: str = ""
    commits: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    lines_added: int = 0
    lines_deleted: int = 0
    summary: str = ""
    author: str = ""
    outcome: str = ""
    details: dict[str, Any] = {}
    caused_by: str = ""


def custom_of(data: dict[str, Any]) -> Custom:
    """Raises RejectInput when the object is there and wrong."""
    holder = data.get("customData")
    given = holder.get("opsweave") if isinstance(holder, dict) else None
    if given is None:
        return Custom()
    try:
        custom = msgspec.convert(given, Custom)
    except msgspec.ValidationError as error:
        raise RejectInput(str(error), field=_FIELD) from error
    if custom.entity:
        EntityRef.parse(custom.entity)
    return custom
