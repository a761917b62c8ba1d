"""Log templates: streaming mining with general masks, and which templates are new or have risen."""

from opsweave.analysis.logs.deltas import (
    TemplateDelta,
    dispersion,
    rate_change_nats,
    template_deltas,
)
from opsweave.analysis.logs.groups import Merge
from opsweave.analysis.logs.masking import mask
from opsweave.analysis.logs.miner import Template, TemplateMiner
from opsweave.analysis.logs.novelty import LogNovelty, NovelTemplate

__all__ = [
    "LogNovelty",
    "Merge",
    "NovelTemplate",
    "Template",
    "TemplateDelta",
    "TemplateMiner",
    "dispersion",
    "mask",
    "rate_change_nats",
    "template_deltas",
]
