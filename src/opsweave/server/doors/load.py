"""How much is in flight: bounded, so that overload is answered 429 and memory stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opsweave.server.doors.settings import DoorSettings
from opsweave.server.doors.table import Overloaded


class Held:
    """What one request holds of the budget."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.n = 0

    def add(self, n: int) -> None:
        """Count ``n`` more bytes; raises Overloaded when there is no room for them."""
        self._load.reserve(n)
        self.n += n


class Load:
    """Counts requests and bytes in flight. Used from the event loop's thread only."""

    def __init__(self, settings: DoorSettings) -> None:
        self._settings = settings
        self.requests = 0
        self.bytes = 0

    @contextmanager
    def request(self) -> Iterator[Held]:
        """Admit one request; raises Overloaded when too many are in flight."""
        if self.requests >= self._settings.max_requests:
            raise self._refusal("requests")
        self.requests += 1
        held = Held(self)
        try:
            yield held
        finally:
            self.requests -= 1
            self.bytes -= held.n

    def reserve(self, n: int) -> None:
        """Take ``n`` bytes of the budget; raises Overloaded. A lone request always fits."""
        if self.requests > 1 and self.bytes + n > self._settings.max_in_flight:
            raise self._refusal("bytes")
        self.bytes += n

    @staticmethod
    def _refusal(what: str) -> Overloaded:
        return Overloaded(f"too many {what} in flight", action="send the same request again later")
