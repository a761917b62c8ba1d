"""Which change is guilty: moment, mechanism, blast, and versions side by side."""

from opsweave.analysis.causality.clues.changes.channel import opinion

__all__ = ["opinion"]
