"""Log template accuracy: GA, FGA, PA and FTA.

GA: Zhu et al., "Tools and benchmarks for automated log parsing", ICSE-SEIP 2019. PA and the F1 of
templates: Khan et al., "Guidelines for assessing the accuracy of log message template
identification techniques", ICSE 2022. FGA: Jiang et al., "A large-scale evaluation for log
parsing techniques: how far are we?", ISSTA 2024. Wildcards are written ``<*>`` and white space is
squeezed before texts are compared; nothing else is forgiven.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import msgspec

_WILDCARD = re.compile(r"<(?::?[A-Z]+:?|\*)>")
_SPACE = re.compile(r"\s+")


class TemplateScore(msgspec.Struct, frozen=True):
    """Shares in [0, 1] over ``lines`` lines."""

    ga: float
    fga: float
    pa: float
    fta: float
    lines: int
    groups: int
    true_groups: int


def normal(template: str) -> str:
    """A template with its wildcards and white space as they are compared.

    >>> normal("took <:NUM:>  ms of <TIME>")
    'took <*> ms of <*>'
    """
    return _SPACE.sub(" ", _WILDCARD.sub("<*>", template)).strip()


def score(
    groups: Sequence[Hashable], texts: Sequence[str], true_texts: Sequence[str]
) -> TemplateScore:
    """One line each: its predicted group and template text, and its true template.

    >>> found = score([1, 1, 2], ["a <*>", "a <*>", "b"], ["a <*>", "a <*>", "b <*>"])
    >>> found.ga, found.fga, round(found.pa, 2), found.fta
    (1.0, 1.0, 0.67, 0.5)
    """
    known: dict[str, str] = {}
    ours = [known.setdefault(text, normal(text)) for text in texts]
    true = [known.setdefault(text, normal(text)) for text in true_texts]
    lines = len(true)
    sizes, true_sizes = Counter(groups), Counter(true)
    mixed: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for group, template in zip(groups, true, strict=True):
        mixed[group][template] += 1
    pure = {g: next(iter(c)) for g, c in mixed.items() if len(c) == 1}
    exact = [g for g, template in pure.items() if sizes[g] == true_sizes[template]]
    same = [one == other for one, other in zip(ours, true, strict=True)]
    return TemplateScore(
        ga=sum(sizes[g] for g in exact) / lines if lines else 0.0,
        fga=_f1(len(exact), len(sizes), len(true_sizes)),
        pa=sum(same) / lines if lines else 0.0,
        fta=_f1(_right_texts(ours, true), len(set(ours)), len(true_sizes)),
        lines=lines,
        groups=len(sizes),
        true_groups=len(true_sizes),
    )


def _right_texts(ours: Sequence[str], true: Sequence[str]) -> int:
    """Predicted templates all of whose lines have that very template."""
    seen: dict[str, set[str]] = defaultdict(set)
    for one, other in zip(ours, true, strict=True):
        seen[one].add(other)
    return sum(others == {one} for one, others in seen.items())


def _f1(right: int, said: int, wanted: int) -> float:
    return 2.0 * right / (said + wanted) if said + wanted else 0.0
