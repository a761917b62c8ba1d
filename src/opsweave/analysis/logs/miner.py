"""Streaming template mining: a shape cache over masked words, groups joined where values differ.

In the line of P. He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree" (ICWS
2017) and S. Yu et al., "Brain: Log Parsing With Bidirectional Parallel Tree" (TSC 2023): lines that
look alike once their values are masked are one shape, and shapes that differ in one place are
joined when that place holds a value (see ``variables``). Ids are hashes of a template's first form.
"""

from __future__ import annotations

from typing import NamedTuple

from opsweave.analysis.logs.group import Group, Merge
from opsweave.analysis.logs.groups import Groups
from opsweave.analysis.logs.masking import Words, clean
from opsweave.analysis.logs.shapes import split

_FIRST = 256
"""Templates after which all is judged again, then twice as many, and so on."""


class Template(NamedTuple):
    """``id`` hashes the first ``text``; ``new``: this line made the template."""

    id: str
    text: str
    new: bool


class TemplateMiner:
    """Bounded: beyond ``max_templates`` the quarter unused for longest is forgotten.

    A template keeps its id when later lines generalise it (``text_of`` gives the present form);
    when two become one, the older id stays and ``merged_into`` leads to it.

    >>> miner = TemplateMiner()
    >>> miner.add("took 12 ms").text
    'took <*> ms'
    """

    def __init__(self, *, max_templates: int = 5000) -> None:
        self._max = max_templates
        self._words = Words()
        self._shapes: dict[str, Group] = {}
        self._groups = Groups()
        self._by_id: dict[str, Group] = {}
        self._lines = 0
        self._judged = _FIRST

    def __len__(self) -> int:
        return sum(group.into is None for group in self._by_id.values())

    def add(self, line: str) -> Template:
        """The template of ``line`` (its first line, when it has several)."""
        group, new = self.group(clean(line))
        return Template(group.id, group.text, new)

    def group(self, line: str) -> tuple[Group, bool]:
        """The group of a line that is ``clean``, and whether this line made it."""
        self._lines += 1
        words = self._words
        shape = " ".join([words[word] for word in line.split()])
        group = self._shapes.get(shape)
        new = False
        if group is None:
            group, new = self._learn(shape)
        elif group.into is not None:
            group = self._shapes[shape] = group.now()
        group.lines += 1
        group.last = self._lines
        return group, new

    def settle(self, *, last: bool = False) -> None:
        """Judge again what was judged before more was seen; ``last``: all was seen now."""
        self._groups.settle(last=last)

    def text_of(self, template: str) -> str:
        """The present text of a template id, '' when it is forgotten."""
        known = self._by_id.get(template)
        return known.now().text if known else ""

    def merged_into(self, template: str) -> str:
        """The id under which a template is counted now; its own when it was not merged."""
        known = self._by_id.get(template)
        return known.now().id if known else template

    def merges(self) -> list[Merge]:
        """Why templates became one, the last thousand."""
        return list(self._groups.merges)

    def templates(self) -> list[Group]:
        """The live groups, oldest first."""
        return self._groups.live()

    def _learn(self, shape: str) -> tuple[Group, bool]:
        before = self._groups.serial
        group = self._groups.place(split(shape))
        new = self._groups.serial > before and group.lines == 0
        self._by_id.setdefault(group.id, group)
        if len(self._shapes) >= 4 * self._max:
            self._shapes.clear()
        self._shapes[shape] = group
        if len(self._by_id) >= self._judged:
            self._judged *= 2
            self._groups.settle(last=False)
            group = group.now()
        if len(self._by_id) > self._max:
            self._forget(group)
        return group, new

    def _forget(self, newest: Group) -> None:
        """Drop merged ids and the least recently used quarter."""
        live = sorted(self._groups.live(), key=lambda group: group.last, reverse=True)
        keep = [newest, *(group for group in live if group is not newest)]
        keep = sorted(keep[: self._max - self._max // 4], key=lambda group: group.serial)
        self._groups.keep(keep)
        self._by_id = {group.id: group for group in self._groups.live()}
        self._shapes.clear()
