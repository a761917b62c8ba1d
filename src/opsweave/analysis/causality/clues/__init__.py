"""The channels of evidence, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping

from opsweave.analysis.causality.clues import alerts, changes, logs, metrics, spans, state
from opsweave.analysis.causality.opinion import Channel

CHANNELS: Mapping[str, Channel] = {
    "metrics": metrics.opinion,
    "spans": spans.opinion,
    "logs": logs.opinion,
    "alerts": alerts.opinion,
    "state": state.opinion,
    "changes": changes.opinion,
}

__all__ = ["CHANNELS"]
