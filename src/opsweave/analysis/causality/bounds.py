"""What no instrument measures is brought into a range in which sums and squares stay finite."""

from __future__ import annotations

import numpy as np
from msgspec import structs

from opsweave.analysis.causality.dossier import Dossier

_MOST, _LEAST = 1e100, 1e-100
_LONGEST_US = 10**15
"""Thirty years."""


def bounded(dossier: Dossier) -> Dossier:
    """The dossier with values of metrics in +-1e100, nothing closer to zero than 1e-100 but zero
    itself, and spans of at most thirty years; the same one where all is well."""
    values, took = dossier.metrics.values, dossier.spans.duration_us
    size = np.abs(values)
    if np.any((size > _MOST) | ((size < _LEAST) & (size > 0.0))):
        near = np.where(size < _LEAST, 0.0, np.clip(values, -_MOST, _MOST))
        metrics = structs.replace(dossier.metrics, values=near)
        dossier = structs.replace(dossier, metrics=metrics)
    if np.any(took > _LONGEST_US):
        spans = structs.replace(dossier.spans, duration_us=np.minimum(took, _LONGEST_US))
        dossier = structs.replace(dossier, spans=spans)
    return dossier
