"""Log templates: streaming mining with general masks, and which templates are new or have risen."""

from opsweave.analysis.logs.deltas import (
    TemplateDelta,
    dispersion,
    rate_change_nats,
    template_deltas,
)
from opsweave.analysis.logs.group import Merge
from opsweave.analysis.logs.headers import Header
from opsweave.analysis.logs.labels import Label, Labeller, TemplateCount
from opsweave.analysis.logs.masking import mask
from opsweave.analysis.logs.miner import Template, TemplateMiner
from opsweave.analysis.logs.novelty import LogNovelty, NovelTemplate
from opsweave.analysis.logs.parameters import parameters
from opsweave.analysis.logs.rates import RateChange, TemplateRates
from opsweave.analysis.logs.sequences import TemplateSequences, Transition

__all__ = [
    "Header",
    "Label",
    "Labeller",
    "LogNovelty",
    "Merge",
    "NovelTemplate",
    "RateChange",
    "Template",
    "TemplateCount",
    "TemplateDelta",
    "TemplateMiner",
    "TemplateRates",
    "TemplateSequences",
    "Transition",
    "dispersion",
    "mask",
    "parameters",
    "rate_change_nats",
    "template_deltas",
]
