"""What stood in one place of lines that agree in all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsweave.analysis.logs.shapes import Shape
from opsweave.analysis.logs.spans import Span
from opsweave.analysis.logs.variables import MOST, never_value

if TYPE_CHECKING:
    from opsweave.analysis.logs.group import Group


class Bucket:
    """``forms``: what stood in the span of ``shape``, and the group it was seen in."""

    __slots__ = ("closed", "forms", "reason", "shape", "span")

    def __init__(self, shape: Shape, span: Span) -> None:
        self.shape, self.span = shape, span
        self.forms: dict[str, Group] = {}
        self.closed = False
        self.reason = ""

    def take(self, text: str, group: Group) -> bool:
        """Whether there is something to judge now."""
        if self.closed:
            return False
        first = self.span.first
        separator = self.shape.separators[first - 1] if first else ""
        if never_value(self.span.kind, text, separator):
            self.closed = not self.reason
            return False
        self.forms[text] = group
        if len(self.forms) > MOST:
            self.closed = True
            self.forms = {}
        return len(self.forms) > 1
