"""Floor 3: entities and relations with validity in time, and the World of one tick."""

from opsweave.graph.graph import Graph
from opsweave.graph.snapshot import Snapshot

__all__ = ["Graph", "Snapshot"]
