"""Who is told that something is new: any thread says it, listeners on the event loop hear it."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from opsweave.kernel.errors import RetryLater

MOST_EARS = 128
EARS_EACH = 16
"""Of one principal, so that no one takes all; tabs that nobody sees do not listen."""
MOST_IDS = 100
"""Named of one topic at a time; more are told as "several", by none."""


class Topic(StrEnum):
    """What news are about; widgets name those that make them old."""

    INCIDENTS = "incidents"
    ALERTS = "alerts"
    CHANGES = "changes"
    RUNS = "runs"
    APPROVALS = "approvals"
    ENTITIES = "entities"
    SLOS = "slos"
    TELEMETRY = "telemetry"
    RECORD = "record"


class Ear:
    """One listener. What it has not been told yet is one entry per topic, however slow it is."""

    def __init__(
        self, topics: Iterable[Topic], loop: asyncio.AbstractEventLoop, who: str = ""
    ) -> None:
        self.topics, self.who = frozenset(topics), who
        self.news = asyncio.Event()
        self._loop = loop
        self._lock = threading.Lock()
        self._waiting: dict[Topic, dict[str, None] | None] = {}

    def hear(self, topic: Topic, ids: Iterable[str]) -> None:
        """From any thread."""
        if topic not in self.topics:
            return
        with self._lock:
            known = self._waiting.setdefault(topic, {})
            if known is not None:
                known.update(dict.fromkeys(ids))
                if len(known) > MOST_IDS:
                    self._waiting[topic] = None
        self.wake()

    def wake(self) -> None:
        """Look up: there is news, or an end."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.news.set)

    def take(self, due: Iterable[Topic]) -> dict[Topic, tuple[str, ...]]:
        """What is waiting of these topics, and is then no longer; no ids are "several"."""
        with self._lock:
            taken = {topic: self._waiting.pop(topic) for topic in due if topic in self._waiting}
        return {topic: tuple(ids or ()) for topic, ids in taken.items()}

    def waiting(self) -> frozenset[Topic]:
        """Topics with news."""
        with self._lock:
            return frozenset(self._waiting)


class Hub:
    """All listeners of one server."""

    def __init__(self, most: int = MOST_EARS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ears: set[Ear] = set()
        self._said: Counter[Topic] = Counter()
        self.closed = False

    def say(self, topic: Topic, ids: Iterable[str] = ()) -> None:
        """There is news; from any thread, never waits."""
        named = tuple(ids)
        with self._lock:
            self._said[topic] += 1
            ears = tuple(self._ears)
        for ear in ears:
            ear.hear(topic, named)

    def version(self, *topics: Topic) -> int:
        """Rises whenever one of these topics is spoken of: what was read before it is old."""
        return sum(self._said[topic] for topic in topics)

    def listen(self, topics: Iterable[Topic], who: str = "") -> Ear:
        """On the running event loop, for the principal ``who`` (its id). Raises RetryLater when
        too many listen, of all or of that one, or at the end."""
        ear = Ear(topics, asyncio.get_running_loop(), who)
        with self._lock:
            mine = sum(other.who == who for other in self._ears) if who else 0
            if self.closed or len(self._ears) >= self._most or mine >= EARS_EACH:
                raise RetryLater(f"{mine or len(self._ears)} consoles listen already", after_s=10.0)
            self._ears.add(ear)
        return ear

    def leave(self, ear: Ear) -> None:
        """It listens no more."""
        with self._lock:
            self._ears.discard(ear)

    def listeners(self) -> int:
        """How many there are now."""
        return len(self._ears)

    def close(self) -> None:
        """The server stops: every listener ends at once."""
        with self._lock:
            self.closed = True
            ears = tuple(self._ears)
        for ear in ears:
            ear.wake()
