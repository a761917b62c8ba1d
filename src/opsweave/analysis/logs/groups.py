"""Groups of lines of one template, joined as soon as what differs between them is a value."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import NamedTuple

from opsweave.analysis.logs.masking import MARK, VALUE
from opsweave.analysis.logs.shapes import Shape, is_size
from opsweave.analysis.logs.spans import Span, context, form, keys, spans
from opsweave.analysis.logs.variables import MOST, Place, never_value, why_value
from opsweave.kernel.ids import content_hash

_MOST_PATTERNS = 48
_MOST_KNOWN = 5000
_MOST_ALIKE = 500
KEPT_MERGES = 1000


class Group:
    """Lines of one shape, or of several that were joined; ``into``: the group that took it."""

    __slots__ = ("id", "into", "last", "lines", "serial", "shape", "text")

    def __init__(self, shape: Shape, serial: int) -> None:
        self.shape, self.serial = shape, serial
        self.text = shape.text()
        self.id = content_hash(self.text, length=12)
        self.lines, self.last = 0, serial
        self.into: Group | None = None

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


class _Bucket:
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
        if never_value(self.span.kind, text):
            self.closed = not self.reason
            return False
        self.forms[text] = group
        if len(self.forms) > MOST:
            self.closed = True
            self.forms = {}
        return len(self.forms) > 1


class Groups:
    """The index: exact shapes, shapes with values in known places, buckets of what may differ."""

    def __init__(self) -> None:
        self.serial = 0
        self.merges: deque[Merge] = deque(maxlen=KEPT_MERGES)
        self._known: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._n_known = 0
        self._reset()

    def _reset(self) -> None:
        self._exact: dict[Shape, Group] = {}
        self._patterns: dict[tuple[str, ...], dict[tuple[int, ...], dict[Shape, Group]]] = {}
        self._buckets: dict[int, _Bucket] = {}
        self._texts: dict[str, Group] = {}
        self._alike: dict[tuple[str, ...], dict[int, Group]] = {}

    def live(self) -> list[Group]:
        """Groups that no other has taken, oldest first."""
        found = {id(group): group for group in map(Group.now, self._exact.values())}
        return sorted(found.values(), key=lambda group: group.serial)

    def place(self, shape: Shape) -> Group:
        """The group of a shape, a new one when none fits."""
        group = self._exact.get(shape)
        if group is None:
            group = self._fitting(shape)
            if group is None:
                self.serial += 1
                group = Group(shape, self.serial)
                return self._enter(group)
        return group.now()

    def keep(self, groups: list[Group]) -> None:
        """Forget all others."""
        self._reset()
        for group in groups:
            self._enter(group.now())

    def settle(self) -> None:
        """Judge again what was judged before all was seen."""
        for group in self.live():
            if group.into is None:
                self._absorb(group)
        for bucket in list(self._buckets.values()):
            if len(bucket.forms) > 1 and not bucket.closed:
                self._judge(bucket)

    def join(self, groups: list[Group], shape: Shape, values: list[str], reason: str) -> Group:
        """Make them one, under the id of the oldest."""
        there = self._exact.get(shape)
        present = {id(g): g for g in map(Group.now, [*groups, *([there] if there else [])])}
        oldest, *others = sorted(present.values(), key=lambda group: group.serial)
        shape = _general([shape, *(group.shape for group in present.values())])
        for other in others:
            other.into = oldest
            oldest.lines += other.lines
            oldest.last = max(oldest.last, other.last)
        if shape == oldest.shape and not others:
            return oldest
        oldest.shape, oldest.text = shape, shape.text()
        merged = tuple(other.id for other in others if other.id != oldest.id)
        self.merges.append(Merge(oldest.id, merged, oldest.text, tuple(values), reason))
        self._enter(oldest)
        return self._absorb(oldest.now())

    def _absorb(self, general: Group) -> Group:
        """Take the groups that differ from it only where it has values."""
        alike = self._alike.get(general.shape.separators, {})
        for key in [key for key, group in alike.items() if group.into is not None]:
            del alike[key]
        if len(alike) > _MOST_ALIKE:
            return general
        taken = [g for g in alike.values() if g is not general and _covers(general.shape, g.shape)]
        if not taken:
            return general
        return self.join(
            [general, *taken], general.shape, [], "has values where the other has words"
        )

    def _fitting(self, shape: Shape) -> Group | None:
        """The group whose values stand where this shape differs from it."""
        for places, index in self._patterns.get(shape.separators, {}).items():
            if len(places) < len(shape.words):
                group = index.get(_without(shape, places))
                if group is not None:
                    return group.now()
        return None

    def _enter(self, group: Group) -> Group:
        shape = group.shape
        self._exact[shape] = group
        same = self._texts.setdefault(group.text, group).now()
        if same is not group and same.text == group.text:
            return self.join([same, group], min(same.shape, shape, key=len_words), [], "same text")
        self._texts[group.text] = group
        self._alike.setdefault(shape.separators, {})[id(group)] = group
        places = tuple(i for i, word in enumerate(shape.words) if word == VALUE)
        if places:
            patterns = self._patterns.setdefault(shape.separators, {})
            if places in patterns or len(patterns) < _MOST_PATTERNS:
                patterns.setdefault(places, {})[shape] = group
        found = spans(shape)
        ready = []
        for span, key in zip(found, keys(shape, found), strict=True):
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = _Bucket(shape, span)
            if bucket.take(form(shape, span), group):
                ready.append(bucket)
        for bucket in ready:
            self._judge(bucket)
        return group.now()

    def _judge(self, bucket: _Bucket) -> None:
        """Join what the bucket holds once that is a value."""
        if len(bucket.forms) < 2 or len(set(map(Group.now, bucket.forms.values()))) < 2:
            return
        (words, separators), span = bucket.shape, bucket.span
        first = span.first
        before = (words[first - 1], separators[first - 1]) if first else ("", "")
        if not bucket.reason:
            place = Place(context(bucket.shape, span), first == 0, *before)
            known = self._known.get(before, ())
            bucket.reason = why_value(span.kind, bucket.forms, place, known)
            if not bucket.reason:
                return
        if span.kind == "word" and first:
            self._learn(before, bucket.forms)
        joined, values = list(bucket.forms.values()), sorted(bucket.forms)[:8]
        shape = bucket.shape.replaced(span.first, span.end)
        if span.kind == "word" and sum(map(is_size, bucket.forms)) > 1:
            shape = shape.sizes_replaced()
        bucket.forms = {VALUE: joined[0]}
        self.join(joined, shape, values, bucket.reason)

    def _learn(self, before: tuple[str, str], forms: Iterable[str]) -> None:
        words = {text for text in forms if MARK.search(text) is None} - self._known[before]
        if self._n_known + len(words) <= _MOST_KNOWN:
            self._n_known += len(words)
            self._known[before] |= words


def len_words(shape: Shape) -> int:
    """Of how many words."""
    return len(shape.words)


def _general(shapes: list[Shape]) -> Shape:
    """The shape that has values wherever one of them has; of the fewest words if they differ."""
    least = min(shapes, key=len_words)
    alike = [shape.words for shape in shapes if shape.separators == least.separators]
    words = tuple(
        column[0] if column.count(column[0]) == len(column) else VALUE
        for column in zip(*alike, strict=True)
    )
    return Shape(words, least.separators)


def _covers(general: Shape, shape: Shape) -> bool:
    pairs = zip(general.words, shape.words, strict=True)
    return all(word in {VALUE, other} for word, other in pairs)


def _without(shape: Shape, places: tuple[int, ...]) -> Shape:
    words = list(shape.words)
    for place in places:
        words[place] = VALUE
    return Shape(tuple(words), shape.separators)
