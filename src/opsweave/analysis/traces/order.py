"""What comes right before and after a happening in the visits of a kind."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.traces.forest import Ints, Mask
from opsweave.analysis.traces.happenings import Happening, Happenings
from opsweave.analysis.traces.tally import Tally

_MOSTLY = 0.5


class Order:
    """Neighbours in time within visits, of the first time that a thing happens in each.

    ``codes`` restricts the view to some happenings: what is not among them is looked through.
    """

    def __init__(self, tally: Tally, what: Happenings, codes: Mask | None = None) -> None:
        rows = np.arange(len(what.visit)) if codes is None else np.nonzero(codes[what.code])[0]
        rows = rows[np.lexsort((what.code[rows], what.at_us[rows], what.visit[rows]))]
        visit, code = what.visit[rows], what.code[rows]
        same = np.r_[False, visit[1:] == visit[:-1]] if len(rows) else np.zeros(0, np.bool_)
        previous = np.where(same, np.r_[-1, code[:-1]][: len(rows)], -1)
        following = np.where(np.r_[same[1:], False][: len(rows)], np.r_[code[1:], -1], -1)
        self._things, self._names = len(what.names), what.names
        _, first = np.unique(visit * self._things + code, return_index=True)
        key = tally.kind[visit[first]] * self._things + code[first]
        sort = np.argsort(key, kind="stable")
        self._key, self._visit = key[sort], visit[first][sort]
        self._previous, self._following = previous[first][sort], following[first][sort]

    def before(self, kind: int, code: int, among: Mask) -> Happening | None:
        """What mostly comes right before it in such visits; None: nothing, or nothing mostly."""
        return self._mostly(self._previous, kind, code, among)

    def after(self, kind: int, code: int, among: Mask) -> Happening | None:
        """What mostly comes right after it."""
        return self._mostly(self._following, kind, code, among)

    def _mostly(self, neighbour: Ints, kind: int, code: int, among: Mask) -> Happening | None:
        key = kind * self._things + code
        first, last = np.searchsorted(self._key, (key, key + 1))
        found = neighbour[first:last][among[self._visit[first:last]]]
        if not len(found):
            return None
        counts = np.bincount(found + 1)
        top = int(counts.argmax())
        return self._names[top - 1] if top and counts[top] >= _MOSTLY * len(found) else None
