"""All lines of a file under the final template of their group: learn once, then label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from opsweave.analysis.logs.group import Group, Merge
from opsweave.analysis.logs.masking import clean
from opsweave.analysis.logs.miner import TemplateMiner
from opsweave.analysis.logs.parameters import parameters

_EXAMPLES = 3


class Label(NamedTuple):
    """``line`` counts from 1; a line without text has no template."""

    line: int
    template_id: str
    template: str
    parameters: list[str]


class TemplateCount(NamedTuple):
    """A template with its first lines."""

    id: str
    template: str
    lines: int
    examples: tuple[str, ...]


class Labeller:
    """Give every line to ``learn`` first, then the same lines to ``label``.

    >>> labeller = Labeller()
    >>> lines = ["user bob left", "user 17 left", ""]
    >>> labeller.learn(lines)
    >>> [(label.template, label.parameters) for label in labeller.label(lines)]
    [('user <*> left', ['bob']), ('user <*> left', ['17']), ('', [])]
    """

    def __init__(self, *, max_templates: int = 50_000) -> None:
        self._miner = TemplateMiner(max_templates=max_templates)
        self._groups: list[Group | None] = []
        self._examples: dict[int, list[str]] = {}
        self.blank = 0
        self.cut = 0

    def learn(self, lines: Iterable[str]) -> None:
        """May be called again with more lines, in the order in which they will be labelled."""
        group_of, add = self._miner.group, self._groups.append
        for line in lines:
            if not line or line.isspace():
                self.blank += 1
                add(None)
                continue
            text = clean(line)
            group, _ = group_of(text)
            add(group)
            if group.lines <= _EXAMPLES:
                self._examples.setdefault(id(group), []).append(text[:300])
            if len(text) != len(line):
                self.cut += 1
        self._miner.settle(last=True)

    @property
    def lines(self) -> int:
        """How many were learned."""
        return len(self._groups)

    def label(self, lines: Iterable[str]) -> Iterator[Label]:
        """One label per line, in order."""
        for number, (group, line) in enumerate(zip(self._groups, lines, strict=True), 1):
            if group is None:
                yield Label(number, "", "", [])
            else:
                if group.into is not None:
                    group = group.now()
                yield Label(number, group.id, group.text, parameters(group.text, clean(line)))

    def templates(self) -> list[TemplateCount]:
        """Most frequent first, each with some lines."""
        firsts = Counter(group for group in self._groups if group is not None)
        counts: Counter[Group] = Counter()
        examples: dict[Group, list[str]] = {}
        for group, lines in firsts.items():
            counts[group.now()] += lines
            examples.setdefault(group.now(), []).extend(self._examples.get(id(group), ()))
        found = [
            TemplateCount(group.id, group.text, lines, tuple(examples[group][:_EXAMPLES]))
            for group, lines in counts.items()
        ]
        return sorted(found, key=lambda one: (-one.lines, one.template))

    def merges(self) -> list[Merge]:
        """Why templates became one, the last thousand."""
        return self._miner.merges()
