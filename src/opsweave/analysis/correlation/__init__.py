"""Alerts to incidents, online: each join explained, groups bounded, never on an empty key."""

from opsweave.analysis.correlation.grouper import Grouper
from opsweave.analysis.correlation.incidents import Grouped, correlate
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.placed import Placed, Settings
from opsweave.analysis.correlation.topology import Topology

__all__ = [
    "Grouped",
    "Grouper",
    "Item",
    "Placed",
    "Settings",
    "Topology",
    "correlate",
]
