"""Which entities their metrics accuse: surprises, accounts, the symptom traced back."""

from opsweave.analysis.causality.clues.metrics.channel import opinion

__all__ = ["opinion"]
