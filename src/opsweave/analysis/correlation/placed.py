"""What grouping is told, and what it answers."""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The same for every system."""

    odds: float = 30.0
    """Of a join against coincidence: a wrong join misleads more than a missed one."""
    settle_s: float = 60.0
    """The pace of an incident of which nothing is known yet."""
    again_s: float = 1_800.0
    """An alert that is back within so long belongs where it was, when nothing else explains it."""
    most_alerts: int = 5_000
    agreement: float = 0.3
    """Shared belief from which two incidents that one alert connects are one."""
    merge_s: float = 120.0
    """Their onsets must lie as close."""


class Placed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where an alert went, and the numbers behind it; ``words.says_of`` puts them into words."""

    alert: str
    group: str
    rule: str
    """first, again, topology, content, mention, time, operator"""
    cause: str = ""
    share: float = 0.0
    """The incident's belief in that cause."""
    reach: float = 0.0
    lag_s: float = 0.0
    lift: float = 1.0
    odds: float = 0.0
    merged: str = ""
    """Another incident that turned out to be the same one."""
