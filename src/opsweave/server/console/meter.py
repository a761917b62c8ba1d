"""How much arrives: rows a second, as the pump hands them on, since the server started."""

from __future__ import annotations

import threading
from collections import deque

from opsweave.kernel.clock import SECOND, Clock

STEP_S = 10
STEPS = 360
_WINDOW = 6
"""Steps that the present rate is made of: the last whole minute."""


class Meter:
    """Counts rows in steps of ten seconds, for an hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = self._step()
        self._lock = threading.Lock()
        self._steps: deque[tuple[int, int]] = deque(maxlen=STEPS + 1)

    def add(self, rows: int) -> None:
        """Rows that have just been stored."""
        step = self._step()
        with self._lock:
            if self._steps and self._steps[-1][0] >= step:
                last, known = self._steps[-1]
                self._steps[-1] = (last, known + rows)
            else:
                self._steps.append((step, rows))

    def rate(self) -> float | None:
        """Rows a second over the last whole minute; None until there is one."""
        shown = [value for value in self.trend(_WINDOW) if value is not None]
        return sum(shown) / len(shown) if len(shown) == _WINDOW else None

    def trend(self, steps: int = 60) -> tuple[float | None, ...]:
        """Rows a second in the last whole steps, oldest first; None before the server started."""
        now = self._step()
        with self._lock:
            known = dict(self._steps)
        return tuple(
            known.get(step, 0) / STEP_S if step > self._began else None
            for step in range(now - steps, now)
        )

    def _step(self) -> int:
        return self._clock.now_ns() // (STEP_S * SECOND)
