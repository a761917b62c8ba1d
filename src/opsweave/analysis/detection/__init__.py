"""Streaming, unsupervised detection: one configuration, all series at once, a reason for each.

>>> import numpy as np
>>> from opsweave.analysis.detection import detect
>>> values = np.concatenate([np.full(60, 100.0), np.full(20, 400.0)])
>>> [(e.first, e.last, e.direction) for e in detect(values, indicator="latency_p95")]
[(60, 79, 1)]
"""

from opsweave.analysis.detection.batch import ArrayEpisode, detect
from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.detector import Detector
from opsweave.analysis.detection.indicators import Kind, Spec, is_symptom, spec_of, unit_of

__all__ = [
    "ArrayEpisode",
    "Detector",
    "DetectorConfig",
    "Kind",
    "Spec",
    "detect",
    "is_symptom",
    "spec_of",
    "unit_of",
]
