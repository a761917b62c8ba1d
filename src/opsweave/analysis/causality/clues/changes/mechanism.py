"""What a change touches against what is complained of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.complaints import Complaints
from opsweave.analysis.causality.clues.changes.diffs import patch
from opsweave.analysis.causality.clues.changes.edits import Edit, edits, placed, spoken
from opsweave.analysis.causality.clues.changes.shipping import is_commit
from opsweave.analysis.causality.clues.changes.symptom import RARE, USUAL, Symptom
from opsweave.analysis.causality.clues.changes.words import pooled
from opsweave.analysis.causality.dossier import CaseChange

_EDITED, _SUMMARY, _PATH, _CONTEXT = 1.0, 0.8, 0.6, 0.35
_NO_EDIT = -1.2
"""Three in ten guilty diffs at first look, nearly all others, make no edit that a rule knows."""
_ONLY_MOVED = -1.5
_BEST_EDIT = 3.2
_UNSEEN = -0.7
"""Nats of a change whose text is not there to read."""
_MOST_WORDS = 3.0
_NO_WORDS = -0.8
_HALF = 1.6
_FRAME = 2.5
_TO_SHOW = 4
_ENOUGH_WORDS = 15.0
_MOVED = 0.4
"""Worth of shared words of a change that only moves code about."""
_ELSEHOW = 0.5
"""Of its usual share: how often a symptom comes with a fault that does not make it by itself."""
_DOUBT = 0.02


class Mechanism(NamedTuple):
    """Nats by name, and in words why."""

    parts: dict[str, float]
    says: str


class Lexicon:
    """Words of all changes: what many have in common tells nothing of one."""

    def __init__(self, changes: Sequence[CaseChange], complaints: Complaints) -> None:
        self.complaints = complaints
        self._words = {c.id: _words(c) for c in changes}
        self._held = Counter(word for words in self._words.values() for word in words)
        self._changes = max(len(changes), 1)

    def words(self, change: CaseChange) -> Mapping[str, float]:
        """Worth of each word of a change."""
        return self._words.get(change.id) or _words(change)

    def rarity(self, word: str) -> float:
        """[0, 1]: 1 for a word that no other change has."""
        if self._changes == 1:
            return 1.0
        held = max(self._held[word], 1)
        return math.log((self._changes + 1) / held) / math.log(self._changes + 1)

    def shared(self, change: CaseChange, names: frozenset[str]) -> list[tuple[float, str]]:
        """Words of the change that are complained of, most telling first."""
        heard = self.complaints
        found = []
        for word, worth in self.words(change).items():
            loud = heard.words.get(word, 0.0)
            if not loud or word in names:
                continue
            usual = heard.usual.get(word, 0.0)
            found.append((loud * worth * self.rarity(word) / (1.0 + 2.0 * usual), word))
        return sorted(found, reverse=True)


def _words(change: CaseChange) -> dict[str, float]:
    lines = patch(change.diff)
    texts: Iterable[tuple[str, float]] = [
        *((line, _EDITED) for line in (*lines.removed, *lines.added)),
        *((line, _CONTEXT) for line in lines.context),
        *((path.replace("/", " "), _PATH) for path in change.files),
        (change.summary, _SUMMARY),
    ]
    return pooled(texts)


def mechanism(
    change: CaseChange, lexicon: Lexicon, names: frozenset[str] = frozenset()
) -> Mechanism:
    """How well what a change does explains what is wrong.

    Two ways: a risky edit whose usual consequences are complained of, and words (tables, fields,
    functions, settings) that both the change and the complaints name, weighted by how rare they
    are among the changes of the case. Stack traces that name a file of the change count most.
    ``names`` are words that say nothing, such as those of the entity itself.
    """
    heard = lexicon.complaints
    read = edits(patch(change.diff)) if change.diff else spoken(change.summary)
    if not (patch(change.diff).empty or patch(change.diff).moved):
        read = [*read, *placed(change.files)]
    best, nats = _best_edit(read, heard)
    moved = best is None and patch(change.diff).moved
    whole = bool(change.diff) or is_commit(change)
    read_of = 1.0 if whole else min(1.0, len(lexicon.words(change)) / _ENOUGH_WORDS)
    dull = _ONLY_MOVED if moved or patch(change.diff).empty else _NO_EDIT
    plain = dull if change.diff else _UNSEEN * read_of
    parts = {"edit": nats if best is not None else plain}
    says = []
    if best is not None:
        says.append(f"{best.says} ({best.line[:80]})")
    shared = lexicon.shared(change, names)
    amount = sum(worth for worth, _ in shared[:8])
    told = 1.0 - math.exp(-amount / _HALF)
    least = _NO_WORDS * read_of  # few words cannot be expected to be those complained of
    parts["words"] = least + (_MOST_WORDS - least) * told * (_MOVED if moved else 1.0)
    if shared and parts["words"] > 0:
        says.append("both name " + ", ".join(word for _, word in shared[:_TO_SHOW]))
    named = {path.rpartition("/")[2].lower() for path in change.files} & heard.frames
    if named:
        parts["frames"] = _FRAME
        says.append("stack traces name " + ", ".join(sorted(named)))
    return Mechanism(parts, "; ".join(says))


def _best_edit(found: Sequence[Edit], heard: Complaints) -> tuple[Edit | None, float]:
    """The edit that explains the complaints best, with its nats."""
    best, most = None, 0.0
    for edit in found:
        nats = sum(
            loud * _explained(symptom, edit.strength * edit.makes.get(symptom, 0.0))
            for symptom, loud in heard.kinds.items()
        )
        if nats > most:
            best, most = edit, nats
    return best, min(most, _BEST_EDIT)


def _explained(symptom: Symptom, share: float) -> float:
    """Nats of a symptom that ``share`` of such edits make, against incidents of any cause."""
    usual = USUAL.get(symptom, RARE)
    return math.log((max(share, _ELSEHOW * usual) + _DOUBT) / (usual + _DOUBT))
