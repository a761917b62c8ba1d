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
_MAX_LEAF = 128
"""Every line is compared with its whole leaf, so free text must not make one long."""
_KIN = 2
"""Words that two lines must share before a third word of theirs can be a value."""


class Template(NamedTuple):
    """``id`` hashes ``text``; ``new``: this line made the template."""

    id: str
    text: str
    new: bool


class _Cluster:
    """Tokens (odd positions are separators) of one group of lines."""

    __slots__ = ("id", "last", "second", "separators", "text", "tokens")

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.second, self.separators = _second(tokens), tokens[1::2]
        self.last = 0
        self.name()
        self.id = content_hash(self.text, length=12)

    def name(self) -> None:
        self.text = _squeeze("".join(self.tokens))


def _squeeze(text: str) -> str:
    """Adjoining wildcards are one, and so are lists of three or more."""
    return _LIST.sub(WILD, _ADJOINING.sub(WILD, text))


class TemplateMiner:
    """Bounded: beyond ``max_templates`` the one unused for longest is forgotten.

    A template's id stays that of its first form when later lines generalise it; ``text_of`` gives
    the present form.

    The second word mostly names the event ("Failed password", "Failed none"), so lines that differ
    there stay apart, until ``values`` of them agree in all the rest: then it is a value ("user
    alice logged in", "user bob logged in", ...), and the next ones join.
    """

    def __init__(
        self, *, similarity: float = 0.5, values: int = 4, max_templates: int = 5000
    ) -> None:
        self._similarity, self._values, self._max = similarity, values, max_templates
        self._leaves: dict[tuple[str, str], list[_Cluster]] = {}
        self._by_id: dict[str, tuple[_Cluster, tuple[str, str]]] = {}
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
        path = _path(tokens)
        leaf = self._leaves.setdefault(path, [])
        cluster = self._closest(leaf, tokens) or self._general(leaf, tokens)
        new = cluster is None
        if cluster is None:
            cluster = _Cluster(tokens)
            known = self._by_id.get(cluster.id)
            if known is not None:
                cluster, new = known[0], False
            else:
                self._append(leaf, cluster, path)
        else:
            self._merge(cluster, tokens)
        cluster.last = self._lines
        self._remember(masked, cluster)
        return Template(cluster.id, cluster.text, new)

    def text_of(self, template: str) -> str:
        """The present text of a template id, '' when it is forgotten."""
        known = self._by_id.get(template)
        return known[0].text if known else ""

    def _closest(self, leaf: list[_Cluster], tokens: list[str]) -> _Cluster | None:
        """The most similar of those with the same second word."""
        best, most, second, separators = None, -1.0, _second(tokens), tokens[1::2]
        for cluster in leaf:
            if cluster.second != second or cluster.separators != separators:
                continue
            same, fixed = _agree(cluster.tokens, tokens)
            score = same / fixed if fixed else 1.0
            if score > most:
                best, most = cluster, score
        return best if most >= self._similarity else None

    def _general(self, leaf: list[_Cluster], tokens: list[str]) -> _Cluster | None:
        """The oldest of those that differ in nothing but the second word, if they are many."""
        separators = tokens[1::2]
        kin = [c for c in leaf if c.separators == separators and _only_second(c, tokens)]
        for cluster in kin:
            if cluster.tokens[2] == WILD:
                return cluster
        return kin[0] if len(kin) >= self._values else None

    @staticmethod
    def _merge(cluster: _Cluster, tokens: list[str]) -> None:
        changed = False
        for i in range(0, len(tokens), 2):
            if cluster.tokens[i] != tokens[i] and cluster.tokens[i] != WILD:
                cluster.tokens[i] = WILD
                changed = True
        if changed:
            cluster.name()

    def _append(self, leaf: list[_Cluster], cluster: _Cluster, path: tuple[str, str]) -> None:
        """A full leaf forgets the least recently used half first."""
        if len(leaf) >= _MAX_LEAF:
            leaf.sort(key=lambda held: held.last)
            for old in leaf[: _MAX_LEAF // 2]:
                del self._by_id[old.id]
            del leaf[: _MAX_LEAF // 2]
            self._cache.clear()
        leaf.append(cluster)
        self._by_id[cluster.id] = (cluster, path)

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


def _path(tokens: list[str]) -> tuple[str, str]:
    """Lines of one leaf have as many words and begin with the same one."""
    return str(len(tokens) // 2 + 1), _literal(tokens[0])


def _second(tokens: list[str]) -> str:
    return _literal(tokens[2]) if len(tokens) > 2 else ""


def _literal(word: str) -> str:
    """A word, or a wildcard when it looks like a value."""
    return WILD if WILD in word or any(c.isdigit() for c in word) else word


def _agree(held: list[str], tokens: list[str]) -> tuple[int, int]:
    """How many words are the same, of how many that are fixed on both sides."""
    pairs = [(a, b) for a, b in zip(held[0::2], tokens[0::2], strict=True) if WILD not in (a, b)]
    return sum(a == b for a, b in pairs), len(pairs)


def _only_second(cluster: _Cluster, tokens: list[str]) -> bool:
    same, fixed = _agree(cluster.tokens, tokens)
    differ = len(tokens) > 2 and cluster.tokens[2] != tokens[2]
    return differ and same >= _KIN and fixed - same == (WILD not in (cluster.tokens[2], tokens[2]))
