"""``opsweave.entity`` on an item: a canonical spelling retargets it."""

from __future__ import annotations

from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

_MAX = 4096


class Targets:
    """Which entity an item speaks for; each spelling is checked once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def of(self, spelling: str) -> str | None:
        """The spelling when it is canonical, None when it is no entity."""
        if spelling not in self._known:
            if len(self._known) >= _MAX:
                self._known.clear()
            try:
                self._known[spelling] = str(EntityRef.parse(spelling))
            except RejectInput:
                self._known[spelling] = None
        return self._known[spelling]


BAD_TARGET = "opsweave.entity is not kind:environment/namespace/name"
