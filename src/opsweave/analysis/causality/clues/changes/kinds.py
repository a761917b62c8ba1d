"""What a kind of change can do to an entity, for changes of which no text is at hand."""

from __future__ import annotations

import math

from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.dossier import CaseChange
from opsweave.analysis.causality.families import Family, family_of
from opsweave.analysis.causality.hypotheses import ALONE, KIND_OF_CHANGE
from opsweave.analysis.causality.suspicion import FITS
from opsweave.facts import CauseKind, ChangeKind

_WORDS = (
    ("deploy", ChangeKind.DEPLOYMENT),
    ("release", ChangeKind.DEPLOYMENT),
    ("rollout", ChangeKind.DEPLOYMENT),
    ("flag", ChangeKind.FLAG),
    ("config", ChangeKind.CONFIGURATION),
    ("setting", ChangeKind.CONFIGURATION),
    ("schema", ChangeKind.SCHEMA),
    ("migrat", ChangeKind.SCHEMA),
    ("data", ChangeKind.DATA_VERSION),
    ("model", ChangeKind.MODEL_VERSION),
    ("credential", ChangeKind.CREDENTIAL),
    ("secret", ChangeKind.CREDENTIAL),
    ("scal", ChangeKind.SCALING),
)
_ALONE = {family: fit for family, _, fit in ALONE} | {Family.LOAD: 1.0}
"""How well a family of signs goes with no change at all."""
_DOUBT = 0.15


def kind_of(change: CaseChange) -> ChangeKind:
    """The product's word for the kind that a source gives.

    >>> kind_of(CaseChange(id="1", at_ns=0, kind="feature_flag")).value
    'flag'
    """
    name = change.kind.lower()
    return next((kind for word, kind in _WORDS if word in name), ChangeKind.OTHER)


def cause_of(change: CaseChange) -> CauseKind:
    """The mechanism that a guilty change of this kind stands for."""
    return KIND_OF_CHANGE.get(kind_of(change), CauseKind.DEPLOYMENT)


def kind_fits(change: CaseChange, scene: Scene) -> float:
    """Nats of the families of the entity's troubled series, by the loop's tables.

    How well such a change explains each family, against how well no change does.
    """
    table = FITS.get(kind_of(change), FITS[ChangeKind.OTHER])
    entity = scene.reach.whole(change.entity)
    total = told = 0.0
    for stir in scene.stirs:
        family = family_of(stir.name.metric.partition("{")[0])
        if scene.reach.whole(stir.name.entity) != entity or family not in _ALONE:
            continue
        weight = stir.weight**2
        total += weight
        told += weight * math.log((table.get(family, 0.0) + _DOUBT) / (_ALONE[family] + _DOUBT))
    return told / total if total else 0.0
