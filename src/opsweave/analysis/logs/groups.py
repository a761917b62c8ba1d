"""Groups of lines of one template, joined as soon as what differs between them is a value."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from opsweave.analysis.logs.buckets import Bucket
from opsweave.analysis.logs.columns import Columns, columns, is_several, parts, plain
from opsweave.analysis.logs.gaps import Gap, gaps
from opsweave.analysis.logs.group import Group, Merge
from opsweave.analysis.logs.known import Known
from opsweave.analysis.logs.masking import VALUE
from opsweave.analysis.logs.shapes import Shape, is_size
from opsweave.analysis.logs.spans import context, form, keys, spans
from opsweave.analysis.logs.stretch import absorbed, stretched
from opsweave.analysis.logs.variables import Place, why_value

_MOST_PATTERNS = 48
_MOST_ALIKE = 500
_FEWEST = 4
"""Groups of one build before they are compared for the first time."""
KEPT_MERGES = 1000
_Key = tuple[str, ...]


class Groups:
    """The index: exact shapes, shapes with values in known places, buckets of what may differ."""

    def __init__(self) -> None:
        self.serial = 0
        self.merges: deque[Merge] = deque(maxlen=KEPT_MERGES)
        self._known = Known()
        self._reset()

    def _reset(self) -> None:
        self._exact: dict[Shape, Group] = {}
        self._texts: dict[str, Group] = {}
        self._patterns: dict[_Key, dict[tuple[int, ...], dict[tuple[str, ...], Group]]] = {}
        self._buckets: dict[int, Bucket | Shape] = {}
        self._alike: dict[_Key, dict[int, Group]] = {}
        self._stretchy: list[Group] = []
        self._gaps: dict[Gap, Group] = {}
        self._compared: dict[_Key, int] = {}

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

    def settle(self, *, last: bool) -> None:
        """Judge again what was judged before more was seen; ``last``: all was seen now."""
        for bucket in list(self._buckets.values()):
            if isinstance(bucket, Bucket) and len(bucket.forms) > 1 and not bucket.closed:
                self._judge(bucket)
        for key in list(self._alike):
            self._compare(key, last=last)
        self._join_texts()
        live = self.live()
        shapes = [group.shape for group in live]
        for row, place in list(self._known.values_in(shapes)):
            shape = live[row].now().shape
            if shape.separators == shapes[row].separators:
                values = [shapes[row].words[place]]
                self.join([live[row]], shape.replaced(place, place + 1), values, "values elsewhere")

    def _join_texts(self) -> None:
        """Values of several words, without brackets or quotes around them."""
        live = self.live()
        for row, rows in absorbed([g.shape for g in live], [g.lines for g in live]):
            group = self.join(
                [live[row], *(live[i] for i in rows)], live[row].shape, [], "longer values"
            )
            if len(self._stretchy) < _MOST_PATTERNS:
                self._stretchy.append(group)
        live = self.live()
        for gap, rows in gaps([group.shape for group in live]):
            group = self.join([live[row] for row in rows], gap.shape(), [], "free text")
            group.wide = True
            if len(self._gaps) < _MOST_PATTERNS:
                self._gaps[gap] = group

    def join(self, groups: list[Group], shape: Shape, values: Sequence[str], reason: str) -> Group:
        """Make them one, under the id of the oldest."""
        there = self._exact.get(shape)
        present = {id(g): g for g in map(Group.now, [*groups, *([there] if there else [])])}
        oldest, *others = sorted(present.values(), key=lambda group: group.serial)
        shape = _general([shape, *(group.shape for group in present.values())])
        for other in others:
            other.into = oldest
            oldest.lines += other.lines
            oldest.last = max(oldest.last, other.last)
            oldest.wide |= other.wide
        oldest.wide |= any(map(is_several, values))
        if shape == oldest.shape and not others:
            return oldest
        oldest.become(shape)
        merged = tuple(other.id for other in others if other.id != oldest.id)
        self.merges.append(Merge(oldest.id, merged, oldest.text, tuple(values[:8]), reason))
        self._enter(oldest)
        return self._absorb(oldest.now())

    def _absorb(self, general: Group) -> Group:
        """Take the groups that differ from it only where it has values."""
        alike = self._kin(general.columns.key)
        if len(alike) > _MOST_ALIKE:
            return general
        taken = [group for group in alike if group is not general and general.covers(group)]
        if not taken:
            return general
        return self.join([general, *taken], general.shape, [], "values where others have words")

    def _kin(self, key: _Key) -> list[Group]:
        """The live groups of one build."""
        alike = self._alike.get(key, {})
        for gone in [i for i, g in alike.items() if g.into is not None or g.columns.key != key]:
            del alike[gone]
        return list(alike.values())

    def _compare(self, key: _Key, *, last: bool = False) -> None:
        """Judge the groups of one build by their columns."""
        groups = self._kin(key)
        self._compared[key] = 2 * len(groups)
        alike: dict[_Key, list[Group]] = {}
        for group in groups:
            alike.setdefault(group.shape.separators, []).append(group)
        for same in alike.values():
            self._join_parts(same, [plain(group.shape) for group in same], last)
        groups = self._kin(key)
        if len(alike) > 1:
            self._join_parts(groups, [group.columns for group in groups], last)

    def _join_parts(self, groups: list[Group], rows: list[Columns], last: bool) -> None:
        lines = [group.lines for group in groups] if last else None
        for part in parts(rows, self._known.after, lines):
            chosen = [groups[row] for row in part.rows]
            first = rows[part.rows[0]]
            values = list(dict.fromkeys(rows[r].forms[part.varying[0]] for r in part.rows))
            texts = [rows[r].forms[i] for r in part.rows for i in part.varying]
            shape = chosen[0].shape
            for i in reversed(part.varying):
                shape = shape.replaced(first.spans[i].first, first.spans[i].end)
            for i in part.varying:
                self._known.learn(
                    chosen[0].shape, first.spans[i].first, (rows[r].forms[i] for r in part.rows)
                )
            chosen[0].wide |= any(map(is_several, texts))
            self.join(chosen, shape, values, part.reason)

    def _fitting(self, shape: Shape) -> Group | None:
        """The group whose values stand where this shape differs from it."""
        for mine in (plain(shape), columns(shape)):
            for places, index in self._patterns.get(mine.key, {}).items():
                group = index.get(_without(mine.forms, places))
                if group is not None and group.now().fits(mine):
                    for place in places if mine.key == shape.separators else ():
                        self._known.learn(shape, place, [mine.forms[place]])
                    return group.now()
        for group in self._stretchy:
            if stretched(group.now().shape, shape):
                return group.now()
        for gap, group in self._gaps.items():
            if gap.fits(shape):
                return group.now()
        return None

    def _enter(self, group: Group) -> Group:
        shape, mine = group.shape, group.columns
        self._exact[shape] = group
        same = self._texts.setdefault(group.text, group).now()
        if same is not group and same.text == group.text:
            return self.join([same, group], min(same.shape, shape, key=len_words), [], "same text")
        self._texts[group.text] = group
        alike = self._alike.setdefault(mine.key, {})
        alike[id(group)] = group
        self._index(group, plain(shape))
        if group.wide:
            self._index(group, mine)
        self._fill(group)
        if group.into is None and len(alike) > self._compared.get(mine.key, _FEWEST):
            self._compare(mine.key)
        return group.now()

    def _index(self, group: Group, mine: Columns) -> None:
        places = tuple(i for i, text in enumerate(mine.forms) if text == VALUE)
        if places and len(places) < len(mine.forms):
            patterns = self._patterns.setdefault(mine.key, {})
            if places in patterns or len(patterns) < _MOST_PATTERNS:
                patterns.setdefault(places, {})[mine.forms] = group

    def _fill(self, group: Group) -> None:
        """Into the bucket of each of its spans."""
        found = spans(group.shape)
        ready = []
        for span, key in zip(found, keys(group.shape, found), strict=True):
            bucket = self._buckets.setdefault(key, group.shape)
            if not isinstance(bucket, Bucket):
                if bucket == group.shape:
                    continue
                bucket = self._buckets[key] = self._first(bucket, key)
            if bucket.take(form(group.shape, span), group):
                ready.append(bucket)
        for bucket in ready:
            self._judge(bucket)

    def _first(self, shape: Shape, key: int) -> Bucket:
        """The bucket of a shape that was alone in it; most are, so only the shape was kept."""
        found = spans(shape)
        span = found[keys(shape, found).index(key)]
        bucket = Bucket(shape, span)
        bucket.take(form(shape, span), self._exact[shape])
        return bucket

    def _judge(self, bucket: Bucket) -> None:
        """Join what the bucket holds once that is a value."""
        if len(bucket.forms) < 2 or len(set(map(Group.now, bucket.forms.values()))) < 2:
            return
        (words, separators), span = bucket.shape, bucket.span
        first = span.first
        before = (words[first - 1], separators[first - 1]) if first else ("", "")
        if not bucket.reason:
            place = Place(context(bucket.shape, span), first == 0, *before)
            known = self._known.after(*before)
            bucket.reason = why_value(span.kind, bucket.forms, place, known)
            if not bucket.reason:
                return
        if span.kind == "word" and first:
            self._known.learn(bucket.shape, first, bucket.forms)
        joined, values = list(bucket.forms.values()), sorted(bucket.forms)
        shape = bucket.shape.replaced(span.first, span.end)
        if span.kind == "word" and sum(map(is_size, bucket.forms)) > 1:
            shape = shape.sizes_replaced()
        bucket.forms = {VALUE: joined[0]}
        self.join(joined, shape, values, bucket.reason)


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


def _without(forms: tuple[str, ...], places: tuple[int, ...]) -> tuple[str, ...]:
    found = list(forms)
    for place in places:
        found[place] = VALUE
    return tuple(found)
