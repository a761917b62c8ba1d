"""A group of lines of one template."""

from __future__ import annotations

from typing import NamedTuple

from opsweave.analysis.logs.columns import Columns, columns, covers, plain
from opsweave.analysis.logs.shapes import Shape
from opsweave.kernel.ids import content_hash


class Group:
    """Lines of one shape, or of several that were joined; ``into``: the group that took it."""

    __slots__ = ("columns", "id", "into", "last", "lines", "serial", "shape", "text", "wide")

    def __init__(self, shape: Shape, serial: int) -> None:
        self.serial, self.wide = serial, False
        self.become(shape)
        self.id = content_hash(self.text, length=12)
        self.lines, self.last = 0, serial
        self.into: Group | None = None

    def become(self, shape: Shape) -> None:
        """Stand for another shape from now on."""
        self.shape, self.text, self.columns = shape, shape.text(), columns(shape)

    def covers(self, other: Group) -> bool:
        """Whether the other differs only where this one has values."""
        if self.shape.separators == other.shape.separators:
            return covers(plain(self.shape), plain(other.shape))
        return self.wide and covers(self.columns, other.columns)

    def fits(self, other: Columns) -> bool:
        """Whether columns found by its index are covered still."""
        if self.shape.separators == other.key:
            return covers(plain(self.shape), other)
        return self.wide and self.columns.key == other.key and covers(self.columns, other)

    def now(self) -> Group:
        """The group that stands for it now."""
        group = self
        while group.into is not None:
            group = group.into
        return group


class Merge(NamedTuple):
    """``merged`` ids became ``into`` since ``values`` stood in one place of ``template``."""

    into: str
    merged: tuple[str, ...]
    template: str
    values: tuple[str, ...]
    reason: str
