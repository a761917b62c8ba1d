"""What a door has decoded, kept for the pump so that nothing is decoded twice."""

from __future__ import annotations

import threading
from collections import OrderedDict

from opsweave.integrations.contract import Parsed


class Handoff:
    """Decoded bodies by sequence number, bounded by the size of the bodies. Thread-safe.

    Only an optimisation: what is not here the pump parses again from the ledger.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._lock = threading.Lock()
        self._held: OrderedDict[int, tuple[Parsed, int]] = OrderedDict()
        self._bytes = 0

    def put(self, seq: int, parsed: Parsed, size: int) -> None:
        """Keep it when there is room; when there is none, it is not kept."""
        with self._lock:
            if self._bytes + size <= self._max:
                self._held[seq] = (parsed, size)
                self._bytes += size

    def take(self, seq: int) -> Parsed | None:
        """What was kept for ``seq``; forgets it and whatever is older."""
        with self._lock:
            found: Parsed | None = None
            for older in [key for key in self._held if key <= seq]:
                parsed, size = self._held.pop(older)
                self._bytes -= size
                if older == seq:
                    found = parsed
            return found
