"""Streaming template mining: a fixed-depth tree over masked tokens, merged by similarity.

After P. He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree" (ICWS 2017), with
general masks, key=value aware tokens and template ids that are hashes of their text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from opsweave.analysis.logs.masking import WILD, mask
from opsweave.kernel.ids import content_hash

_SPLIT = re.compile(r"([\s=:,;()\[\]{}|]+)")
_SPACES = re.compile(r"\s{2,}")
_ADJOINING = re.compile(r"<\*>(?:[._-]*<\*>)+")
_LIST = re.compile(r"<\*>(?:[\s,]+<\*>){2,}")
_MAX_TOKENS = 160


class Template(NamedTuple):
    """``id`` hashes ``text``; ``new``: this line made the template."""

    id: str
    text: str
    new: bool


class _Cluster:
    """Tokens (odd positions are separators) of one group of lines."""

    __slots__ = ("id", "label", "last", "text", "tokens")

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.last = 0
        self.name()
        self.id = content_hash(self.text, length=12)
        self.label = self.text

    def name(self) -> None:
        self.text = _squeeze("".join(self.tokens))


def _squeeze(text: str) -> str:
    """Adjoining wildcards are one, and so are lists of three or more."""
    return _LIST.sub(WILD, _ADJOINING.sub(WILD, text))


class TemplateMiner:
    """Bounded: beyond ``max_templates`` the one unused for longest is forgotten.

    A template's id stays that of its first form when later lines generalise it; ``text_of`` gives
    the present form.
    """

    def __init__(
        self, *, similarity: float = 0.5, depth: int = 2, max_templates: int = 5000
    ) -> None:
        self._similarity, self._depth, self._max = similarity, depth, max_templates
        self._leaves: dict[tuple[str, ...], list[_Cluster]] = {}
        self._by_id: dict[str, tuple[_Cluster, tuple[str, ...]]] = {}
        self._cache: dict[str, _Cluster] = {}
        self._lines = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, line: str) -> Template:
        """The template of ``line`` (its first line, when it has several)."""
        self._lines += 1
        line = line.split("\n", 1)[0][:2000].strip()
        if "  " in line or "\t" in line:
            line = _SPACES.sub(" ", line)
        masked = _squeeze(mask(line))
        cluster = self._cache.get(masked)
        if cluster is not None:
            cluster.last = self._lines
            return Template(cluster.id, cluster.text, False)
        tokens = _SPLIT.split(masked, maxsplit=_MAX_TOKENS)
        path = self._path(tokens)
        leaf = self._leaves.setdefault(path, [])
        cluster = self._closest(leaf, tokens)
        new = cluster is None
        if cluster is None:
            cluster = _Cluster(tokens)
            known = self._by_id.get(cluster.id)
            if known is not None:
                cluster, new = known[0], False
            else:
                leaf.append(cluster)
                self._by_id[cluster.id] = (cluster, path)
        else:
            self._merge(cluster, tokens)
        cluster.last = self._lines
        self._remember(masked, cluster)
        return Template(cluster.id, cluster.text, new)

    def text_of(self, template: str) -> str:
        """The present text of a template id, '' when it is forgotten."""
        known = self._by_id.get(template)
        return known[0].text if known else ""

    def _path(self, tokens: list[str]) -> tuple[str, ...]:
        words = tokens[0::2]
        head = [w if WILD not in w and not _has_digit(w) else WILD for w in words[: self._depth]]
        return (str(len(words)), *head)

    def _closest(self, leaf: list[_Cluster], tokens: list[str]) -> _Cluster | None:
        best, most = None, -1.0
        words = tokens[0::2]
        for cluster in leaf:
            held = cluster.tokens[0::2]
            if cluster.tokens[1::2] != tokens[1::2]:
                continue
            same = sum(a == b for a, b in zip(held, words, strict=True) if a != WILD)
            fixed = sum(a != WILD and b != WILD for a, b in zip(held, words, strict=True))
            score = same / fixed if fixed else 1.0
            if score > most:
                best, most = cluster, score
        return best if most >= self._similarity else None

    @staticmethod
    def _merge(cluster: _Cluster, tokens: list[str]) -> None:
        changed = False
        for i in range(0, len(tokens), 2):
            if cluster.tokens[i] != tokens[i] and cluster.tokens[i] != WILD:
                cluster.tokens[i] = WILD
                changed = True
        if changed:
            cluster.name()

    def _remember(self, masked: str, cluster: _Cluster) -> None:
        if len(self._cache) >= 2 * self._max:
            self._cache.clear()
        self._cache[masked] = cluster
        if len(self._by_id) > self._max:
            self._evict()

    def _evict(self) -> None:
        """Forget the least recently used tenth."""
        old = sorted(self._by_id.values(), key=lambda item: item[0].last)[: self._max // 10 + 1]
        for cluster, path in old:
            del self._by_id[cluster.id]
            leaf = self._leaves[path]
            leaf.remove(cluster)
            if not leaf:
                del self._leaves[path]
        self._cache.clear()


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)
