"""When a named cause is right, by data set, and at which rank the first right one stands.

A repeated answer counts once, so that naming the same service five times gains nothing. What is
compared depends on the data set's protocol: the entity by default; a release, or the service or a
new pod of it when no change is named; a commit (seven digits or more of its hash, or the deploy
that ships exactly it), where *no change* can be the right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

Cause = Mapping[str, Any]
Truth = Mapping[str, Any]
_LEAST_HASH = 7


def entity_rank(causes: Sequence[Cause], truth: Truth) -> int | None:
    """Rank of the first cause whose entity is accepted.

    >>> entity_rank([{"entity": "a"}, {"entity": "a"}, {"entity": "b"}], {"entity": "b"})
    2
    """
    accepted = {truth["entity"], *_also(truth, "entity")}
    return _rank(causes, lambda c: c.get("entity"), lambda c: c.get("entity") in accepted)


def indicator_rank(causes: Sequence[Cause], truth: Truth) -> int | None:
    """Rank of the first cause whose entity and indicator are both right.

    >>> indicator_rank([{"entity": "a", "indicator": "cpu"}], {"entity": "a", "indicator": "cpu"})
    1
    """
    wanted = truth["entity"], truth["indicator"]
    return _rank(causes, _indicated, lambda c: _indicated(c) == wanted)


def release_rank(causes: Sequence[Cause], truth: Truth) -> int | None:
    """Rank of the guilty release; of its service or one of its new pods where no change is named.

    >>> truth = {"entity": "cart", "change": "rel-2", "acceptable": [{"entity": "cart-v2-x"}]}
    >>> release_rank([{"entity": "cart", "change": "rel-1"}, {"entity": "cart-v2-x"}], truth)
    2
    """
    accepted = {truth["entity"], *_also(truth, "entity")}

    def right(cause: Cause) -> bool:
        if cause.get("change") is not None:
            return bool(cause["change"] == truth["change"])
        return cause.get("entity") in accepted

    return _rank(causes, lambda c: c.get("change") or ("entity", c.get("entity")), right)


def commit_rank(causes: Sequence[Cause], truth: Truth) -> int | None:
    """Rank of the guilty commit or its own deploy; of *no change* where none is guilty.

    >>> commit_rank([{"change": "abcdef12"}], {"change": "abcdef1234567890"})
    1
    >>> commit_rank([{"entity": "x", "change": None}], {"change": None})
    1
    """
    wanted, deploys = truth.get("change"), _also(truth, "change")

    def right(cause: Cause) -> bool:
        said = cause.get("change")
        if wanted is None or said is None:
            return wanted is None and said is None
        prefix = len(said) >= _LEAST_HASH and str(wanted).startswith(said)
        return prefix or said in deploys

    return _rank(causes, lambda c: c.get("change"), right)


Ranker = Callable[[Sequence[Cause], Truth], int | None]
RULES: dict[str, Ranker] = {"changerca": release_rank, "rootcausebench": commit_rank}


def rule(dataset: str) -> Ranker:
    """The rule of a data set; by default the entity must be right.

    >>> rule("petshop") is entity_rank
    True
    """
    return RULES.get(dataset, entity_rank)


def _indicated(cause: Cause) -> tuple[Any, Any]:
    return cause.get("entity"), cause.get("indicator")


def _also(truth: Truth, field: str) -> set[Any]:
    other: Iterable[Mapping[str, Any]] = truth.get("acceptable") or ()
    return {one[field] for one in other if one.get(field) is not None}


def _rank(
    causes: Sequence[Cause], key: Callable[[Cause], Hashable], right: Callable[[Cause], bool]
) -> int | None:
    seen: set[Hashable] = set()
    for cause in causes:
        name = key(cause)
        if name in seen:
            continue
        seen.add(name)
        if right(cause):
            return len(seen)
    return None
