"""Anomalies of an entity: many metrics of one thing, judged row by row, together.

>>> import numpy as np
>>> from opsweave.analysis.detection.entity import score_entity
>>> rows = np.random.default_rng(1).normal(size=(2000, 4))
>>> rows[1500:1520, 2] += 12.0
>>> found = score_entity(rows)
>>> int(found.score.argmax()) in range(1500, 1520), int(found.contributions[1519].argmax())
(True, 2)
"""

from opsweave.analysis.detection.entity.config import EntityConfig
from opsweave.analysis.detection.entity.score import EntityScores, score_entity
from opsweave.analysis.detection.entity.state import EntityState

__all__ = ["EntityConfig", "EntityScores", "EntityState", "score_entity"]
