"""Pages of the server itself: what belongs to no practice."""

from __future__ import annotations

from opsweave.pages import PageSpec
from opsweave.server.console.pages import (
    change,
    entity,
    overview,
    record,
    service_map,
    settings,
    unparsed,
)
from opsweave.server.console.pages.sources import Sources


def pages(sources: Sources) -> list[PageSpec]:
    """All of them."""
    return [
        room.spec(sources)
        for room in (overview, service_map, entity, change, record, unparsed, settings)
    ]
