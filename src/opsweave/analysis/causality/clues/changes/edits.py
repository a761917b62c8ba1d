"""Which risky edits a diff makes, as far as its lines tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes import symptom
from opsweave.analysis.causality.clues.changes.diffs import Pair, Patch
from opsweave.analysis.causality.clues.changes.rules import (
    FEWER,
    GAINED,
    LOST,
    MORE,
    PLACES,
    RULES,
    TURNED,
    Rule,
)

S = symptom.Symptom
_LOOP = re.compile(
    r"\b(for|while|foreach|forEach|each|map|flatMap|loop|range)\b.*[:{(|]|list comprehension"
)
_CALL = re.compile(
    r"\b(await\s+)?[\w.\[\]]*(client|repo\w*|dao|store|db|conn|session|api|service|svc|catalog|"
    r"cursor|http|rpc|stub|redis|cache|gateway|fetcher|loader)\w*[.:>-]+\w*\(|"
    r"\.(query|execute|find\w*|get\w*|fetch\w*|load\w*|lookup\w*|select\w*|call|request|invoke)\(|"
    r"\b(SELECT|requests\.\w+|fetch)\b",
    re.IGNORECASE,
)
_LOUDER = ("error", "warn", "info", "debug", "trace")
_VERBS = (
    (
        LOST,
        re.compile(
            r"\b(remov|drop|delet|without|stop|get rid|unused|simplif|no longer)", re.IGNORECASE
        ),
    ),
    (
        FEWER,
        re.compile(
            r"\b(lower|reduc|shrink|tighten|decreas|smaller|shorter|less|cut|cap)", re.IGNORECASE
        ),
    ),
    (MORE, re.compile(r"\b(rais|increas|larger|longer|more|doubl|extend)", re.IGNORECASE)),
    (TURNED, re.compile(r"\b(renam|switch|mov|migrat|replac|chang|point)", re.IGNORECASE)),
    (GAINED, re.compile(r"\b(add|enabl|introduc|new|use|with|support|allow|per)\b", re.IGNORECASE)),
)
_ARROW = re.compile(
    r"(?P<key>[A-Za-z_][\w.\-]*)\s*[:=]?\s+(?P<old>[\w.%\-]+)\s*(?:->|=>|\u2192)\s*(?P<new>[\w.%]+)"
)
_SPOKEN = 0.6
_PLACED = 0.5
_MOVED = 0.5
_MUCH = 1.15
_MOST_LINES_OF_LOOP = 8


class Edit(NamedTuple):
    """``strength`` in [0, 1]; ``line`` is the line that shows it."""

    says: str
    strength: float
    makes: dict[S, float]
    line: str


def edits(patch: Patch) -> list[Edit]:
    """Risky edits of a diff, each once. Code that is moved is neither lost nor gained."""
    if patch.empty:
        return []
    found = [edit for rule in RULES if (edit := _apply(rule, patch)) is not None]
    if patch.moved:
        found = [edit._replace(strength=_MOVED * edit.strength) for edit in found]
    inside = _call_in_loop(patch)
    return [*found, inside] if inside is not None else found


def placed(files: Sequence[str]) -> list[Edit]:
    """What the places of the files that were changed suggest."""
    return [
        Edit(place.says, _PLACED, place.makes, path)
        for place in PLACES
        for path in files
        if place.pattern.search(path)
    ]


def spoken(summary: str) -> list[Edit]:
    """Risky edits that a summary speaks of, where no diff is at hand."""
    told = [Pair(m["key"], m["old"], m["new"]) for m in _ARROW.finditer(summary)]
    if told:
        turned = (
            _pair_edit(rule, told)
            for rule in RULES
            if rule.side in (FEWER, MORE, TURNED) and rule.pattern.pattern != "."
        )
        return [edit for edit in turned if edit is not None]
    sides = {side for side, pattern in _VERBS if pattern.search(summary)} or {GAINED}
    return [
        Edit(rule.says, rule.weight * _SPOKEN, rule.makes, summary)
        for rule in RULES
        if rule.side in sides and rule.pattern.pattern != "." and rule.pattern.search(summary)
    ]


def _apply(rule: Rule, patch: Patch) -> Edit | None:
    if rule.side in (LOST, GAINED):
        one, other = (
            (patch.removed, patch.added) if rule.side == LOST else (patch.added, patch.removed)
        )
        more = _surplus(rule.pattern, one, other)
        if more is None:
            return None
        return Edit(rule.says, rule.weight, rule.makes, more)
    return _pair_edit(rule, patch.pairs)


def _pair_edit(rule: Rule, pairs: Sequence[Pair]) -> Edit | None:
    for pair in pairs:
        if _turned(rule, pair):
            return Edit(rule.says, rule.weight * _size(pair), rule.makes, _shown(pair))
    return None


def _surplus(pattern: re.Pattern[str], one: Sequence[str], other: Sequence[str]) -> str | None:
    """A line of ``one`` with a match that ``other`` has fewer of."""
    left = Counter(m.lower() for line in other for m in _matches(pattern, line))
    for line in one:
        for match in _matches(pattern, line):
            if left[match.lower()] > 0:
                left[match.lower()] -= 1
            else:
                return line.strip()
    return None


def _matches(pattern: re.Pattern[str], line: str) -> list[str]:
    return [m.group(0) for m in pattern.finditer(line)]


def _turned(rule: Rule, pair: Pair) -> bool:
    if not rule.pattern.search(pair.line):
        return rule.side == TURNED and bool(
            rule.pattern.pattern == "." and _is_name(pair.old) and _is_name(pair.new)
        )
    if rule.side == FEWER:
        return pair.grew < 1 / _MUCH
    if rule.side == MORE:
        return pair.grew > _MUCH
    if rule.says == "logs more":
        old, new = pair.old.strip("\"'").lower(), pair.new.strip("\"'").lower()
        return old in _LOUDER and new in _LOUDER and _LOUDER.index(new) > _LOUDER.index(old)
    if rule.pattern.pattern == ".":
        return _is_name(pair.old) and _is_name(pair.new)
    return pair.old != pair.new and pair.grew == 1.0


def _is_name(literal: str) -> bool:
    return bool(re.fullmatch(r"[\"'`]?[A-Za-z_][\w.\-/]*[\"'`]?", literal)) and not re.fullmatch(
        r"(true|false|on|off|yes|no|enabled|disabled|none|null)", literal, re.IGNORECASE
    )


def _size(pair: Pair) -> float:
    """A number that is doubled or halved matters; one that is nudged hardly does.

    >>> _size(Pair("timeout", "3s", "4s")) < 0.5 < _size(Pair("timeout", "30s", "1s"))
    True
    """
    grew = pair.grew
    if grew == 1.0:
        return 1.0
    if grew in (0.0, float("inf")):
        return 1.0
    times = max(grew, 1 / grew)
    return min(1.0, 0.25 + 0.25 * (times - 1.0))


def _shown(pair: Pair) -> str:
    return f"{pair.line}: {pair.old} -> {pair.new}"[:120]


def _call_in_loop(patch: Patch) -> Edit | None:
    """A call of something remote inside of a loop, where the one or the other is new."""
    lines = [*patch.added]
    calls = Counter(m.lower() for line in patch.removed for m in _matches(_CALL, line))
    for i, line in enumerate(lines):
        if not _LOOP.search(line):
            continue
        for inner in lines[i : i + 1 + _MOST_LINES_OF_LOOP]:
            made = _matches(_CALL, inner)
            if made and not all(calls[m.lower()] for m in made):
                makes = {S.LATENCY: 1.0, S.QUERY: 1.0, S.LOAD: 0.9, S.TIMEOUT: 0.8, S.CPU: 0.6,
                         S.POOL: 0.7, S.LIMITED: 0.6}  # fmt: skip
                return Edit("calls something for each of many", 1.0, makes, inner.strip())
    return None
