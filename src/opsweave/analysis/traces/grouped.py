"""Statistics of many groups of samples at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from opsweave.analysis.traces.forest import Floats, Ints


class Grouped:
    """``value[i]`` belongs to group ``group[i]`` of ``many``; no group is empty.

    >>> pairs = Grouped(np.array([0, 1, 0, 0]), np.array([1.0, 5.0, 9.0, 2.0]), 2)
    >>> pairs.medians().tolist(), pairs.trimmed(0.05).tolist()
    ([2.0, 5.0], [1.5, 5.0])
    """

    def __init__(self, group: Ints, value: Floats, many: int) -> None:
        self.group, self.value, self.many = group, value, many
        self.count: Ints = np.bincount(group, minlength=many)

    def mapped(self, how: Callable[[Floats], Floats]) -> Grouped:
        """The same groups of other values."""
        return Grouped(self.group, how(self.value), self.many)

    def sums(self) -> Floats:
        return np.asarray(np.bincount(self.group, self.value, minlength=self.many), np.float64)

    def means(self) -> Floats:
        return self.sums() / self.count

    def variances(self) -> Floats:
        """Around the mean, of all samples."""
        off = self.value - self.means()[self.group]
        return Grouped(self.group, off * off, self.many).means()

    def medians(self) -> Floats:
        ordered, first = self._ordered()
        low, high = first + (self.count - 1) // 2, first + self.count // 2
        return np.asarray((ordered[low] + ordered[high]) / 2, np.float64)

    def spreads(self) -> Floats:
        """Median distance from the median, as a standard deviation."""
        off = np.abs(self.value - self.medians()[self.group])
        return 1.4826 * Grouped(self.group, off, self.many).medians()

    def trimmed(self, share: float) -> Floats:
        """Means without the largest samples: this share, rounded up, but for one sample."""
        ordered, first = self._ordered()
        kept = np.maximum(1, np.floor(self.count * (1 - share))).astype(np.int64)
        total = np.r_[0.0, np.cumsum(ordered)]
        return np.asarray((total[first + kept] - total[first]) / kept, np.float64)

    def _ordered(self) -> tuple[Floats, Ints]:
        order = np.lexsort((self.value, self.group))
        return self.value[order], np.cumsum(self.count) - self.count
