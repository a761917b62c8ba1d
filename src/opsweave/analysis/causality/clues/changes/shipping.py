"""Which deployments brought a commit to where it runs, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.words import stem
from opsweave.analysis.causality.dossier import CaseChange

COMMIT = re.compile(r"commit|merge|push|pull", re.IGNORECASE)
DEPLOY = re.compile(r"deploy|release|rollout|publish|upgrade", re.IGNORECASE)
_LEAST_SHA = 7
_BESIDES = 0.3
_LEAST_NAME = 4
NAMED, OWN, SHARED, FOREIGN, LOOSE = 1.0, 0.7, 0.35, 0.03, 0.5
"""How likely a deployment carries a commit: it names it; the commit is of its paths; of paths that
are nobody's; of another's. Loose: no deployment is known at all."""
_FILLER = frozenset(
    stem(w)
    for w in [
        "service",
        "services",
        "svc",
        "app",
        "api",
        "server",
        "backend",
        "worker",
        "job",
        "agent",
        "ms",
        "prod",
    ]
)


class Shipped(NamedTuple):
    """A deployment that may have brought a commit; without one, the commit itself."""

    deploy: CaseChange
    weight: float

    @property
    def entity(self) -> str:
        """Where the commit runs since then."""
        return self.deploy.entity


def same_commit(one: str, other: str) -> bool:
    """Whether two names are of one commit, one of them perhaps cut short.

    >>> same_commit("1234567", "1234567890abcdef"), same_commit("123", "1234567")
    (True, False)
    """
    if min(len(one), len(other)) < _LEAST_SHA:
        return bool(one) and one == other
    return one.startswith(other) or other.startswith(one)


def is_commit(change: CaseChange) -> bool:
    """Whether a change is only in the code so far."""
    return bool(COMMIT.search(change.kind))


def shipped(commit: CaseChange, changes: Sequence[CaseChange]) -> list[Shipped]:
    """Deployments that may have brought a commit, the first of each entity.

    A deployment at some commit brings all earlier ones of the same history that touch its paths.
    One that came before the commit brings nothing of it.
    """
    deploys = [c for c in changes if not is_commit(c) and DEPLOY.search(c.kind)]
    if not deploys:
        return [Shipped(commit, LOOSE)]
    times = {c.id: c.at_ns for c in changes if is_commit(c)}
    names = {d.entity for d in deploys}
    found: dict[str, Shipped] = {}
    for deploy in sorted(deploys, key=lambda d: d.at_ns):
        weight = _carries(deploy, commit, times, names)
        held = found.get(deploy.entity)
        if weight and (held is None or weight > held.weight):
            found[deploy.entity] = Shipped(deploy, weight)
    if any(s.weight == NAMED for s in found.values()):
        found = {e: s if s.weight == NAMED else _besides(s) for e, s in found.items()}
    return sorted(found.values(), key=lambda s: (-s.weight, s.deploy.at_ns))


def _besides(way: Shipped) -> Shipped:
    """A way besides that of a deployment which names the commit."""
    return Shipped(way.deploy, way.weight * _BESIDES)


def _carries(
    deploy: CaseChange, commit: CaseChange, times: dict[str, int], names: Iterable[str]
) -> float:
    if any(same_commit(sha, commit.id) for sha in deploy.commits):
        return NAMED
    if deploy.at_ns < commit.at_ns:
        return 0.0
    heads = [at for sha in deploy.commits for id_, at in times.items() if same_commit(sha, id_)]
    if heads and commit.at_ns > max(heads):
        return 0.0
    if commit.entity:
        return OWN if commit.entity == deploy.entity else 0.0
    if any(belongs(path, deploy.entity) for path in commit.files):
        return OWN
    others = any(belongs(path, name) for path in commit.files for name in names)
    return FOREIGN if others or _of_one_service(commit.files) else SHARED


def belongs(path: str, entity: str) -> bool:
    """Whether a path names the entity: all its telling words are in one part of the path.

    >>> belongs("services/checkout/cart.go", "checkoutservice")
    True
    >>> belongs("pkg/cache/lru.go", "checkoutservice")
    False
    """
    telling = _telling(entity)
    if not telling:
        return False
    for part in path.lower().split("/")[:-1]:
        bare = re.sub(r"[^a-z0-9]", "", part)
        joined = "".join(telling)
        if bare and (bare == joined or (len(joined) > _LEAST_NAME and joined in bare)):
            return True
        if len(bare) > _LEAST_NAME and bare in joined and stem(bare) not in _FILLER:
            return True
        if all(any(w == stem(p) for p in re.findall(r"[a-z]+", part)) for w in telling):
            return True
    return False


def _telling(entity: str) -> list[str]:
    """Words of an entity's name without those that many have.

    >>> _telling("checkoutservice"), _telling("prod/user-profile-svc")
    (['checkout'], ['user', 'profil'])
    """
    name = entity.rpartition("/")[2].lower()
    parts = [re.sub(r"(service|svc|server|app)$", "", p) for p in re.findall(r"[a-z]+", name)]
    stems = [stem(p) for p in parts if p]
    return [s for s in stems if s not in _FILLER] or stems


_SERVICE_PATH = re.compile(r"^(services?|apps?|cmd|modules?)/([^/]+)/", re.IGNORECASE)


def _of_one_service(files: Iterable[str]) -> bool:
    """Whether all files lie below a folder of one service."""
    owners = {m.group(2) if (m := _SERVICE_PATH.match(path)) else "" for path in files}
    return len(owners) == 1 and "" not in owners
