"""Alerts to incidents, online: each join explained, groups bounded, never on an empty key."""

from opsweave.analysis.correlation.join import Group, best_join

__all__ = ["Group", "best_join"]
