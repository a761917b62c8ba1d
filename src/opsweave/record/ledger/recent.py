"""Recognises a retry: the same body from the same door and token within a day."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from opsweave.kernel.clock import SECOND

DAY_NS = 86_400 * SECOND
MOST = 500_000
Key = tuple[str, str, str]
"""Door, token, SHA-256 of the body."""


class Recent:
    """Bodies seen, oldest first; bounded by age and number."""

    def __init__(self, *, age_ns: int = DAY_NS, most: int = MOST) -> None:
        self._age_ns, self._most = age_ns, most
        # Ordered: taking the oldest from a plain dict gets slow once many were taken.
        self._seen: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def find(self, key: Key, now_ns: int) -> int | None:
        """Sequence number of the body seen before, None when there is none within a day."""
        found = self._seen.get(_short(key))
        if found is None or now_ns - found[1] > self._age_ns:
            return None
        return found[0]

    def add(self, key: Key, seq: int, now_ns: int) -> None:
        """Note a body, and forget what is too old or too much."""
        short = _short(key)
        self._seen.pop(short, None)
        self._seen[short] = (seq, now_ns)
        while self._seen:
            oldest = next(iter(self._seen))
            if len(self._seen) <= self._most and now_ns - self._seen[oldest][1] <= self._age_ns:
                break
            del self._seen[oldest]

    def forget(self, key: Key, seq: int) -> None:
        """Withdraw a body whose write failed."""
        short = _short(key)
        found = self._seen.get(short)
        if found is not None and found[0] == seq:
            del self._seen[short]


def _short(key: Key) -> bytes:
    """A third of the memory of the key itself; as hard to collide for any practical purpose."""
    return hashlib.blake2b("\0".join(key).encode(), digest_size=16).digest()
