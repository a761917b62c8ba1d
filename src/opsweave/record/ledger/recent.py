"""Recognises a retry: the same body from the same door and token within a day."""

from __future__ import annotations

from collections import OrderedDict

from opsweave.kernel.clock import SECOND

DAY_NS = 86_400 * SECOND
Key = tuple[str, str, str]


class Recent:
    """Bodies seen, oldest first; bounded by age and number."""

    def __init__(self, *, age_ns: int = DAY_NS, most: int = 2_000_000) -> None:
        self._age_ns, self._most = age_ns, most
        self._seen: OrderedDict[Key, tuple[int, int]] = OrderedDict()

    def find(self, key: Key, now_ns: int) -> int | None:
        """Sequence number of the body seen before, None when there is none within a day."""
        found = self._seen.get(key)
        if found is None or now_ns - found[1] > self._age_ns:
            return None
        return found[0]

    def add(self, key: Key, seq: int, now_ns: int) -> None:
        self._seen[key] = (seq, now_ns)
        self._seen.move_to_end(key)
        while self._seen:
            _, at = next(iter(self._seen.values()))
            if len(self._seen) <= self._most and now_ns - at <= self._age_ns:
                break
            self._seen.popitem(last=False)

    def forget(self, key: Key, seq: int) -> None:
        """Withdraw a body whose write failed."""
        found = self._seen.get(key)
        if found is not None and found[0] == seq:
            del self._seen[key]
