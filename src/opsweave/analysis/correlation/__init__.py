"""Alerts to incidents, online: each join explained, groups bounded, never on an empty key."""

from opsweave.analysis.correlation.join import MOST_HOPS, Group, best_join

__all__ = ["MOST_HOPS", "Group", "best_join"]
