"""One configuration for all series; nothing here is tuned per series."""

from __future__ import annotations

import msgspec


class DetectorConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Counts are buckets unless a unit is named; ``band`` is in scales (robust sigmas)."""

    ring: int = 240
    """History kept per series."""
    window: int = 60
    """History that level and scale are learned from."""
    lag: int = 4
    """Most recent buckets that are not learned from yet, so that a ramp is not absorbed."""
    min_history: int = 8
    full_history: int = 32
    """From here on a series is judged with the plain floors; before that with wider ones."""
    band: float = 3.5
    surprising: float = 0.012
    """Share of buckets that may surprise the ensemble, per series, before the kind and patience are
    asked."""
    symptom_surprising: float = 0.06
    """The same for symptoms, which must last longer."""
    grace: int = 6
    """So many buckets after a restart anywhere, a symptom must last ``patience`` buckets longer."""
    patience: int = 2
    clean: int = 3
    """Buckets inside the band that end an episode."""
    silent: int = 24
    """Buckets without data that end an episode."""
    adopt: int = 180
    """After so long a symptom's new level is the normal one; others after a third of it."""
    doubt: int = 60
    """A run beyond half the band is not learned from for so long."""
    ramp: int = 36
    """Span of the trend test."""
    ramp_growth: float = 0.12
    """Least growth of a ramp, relative to the level."""
    season_s: float = 86_400.0
    season_slots: int = 96
    season_after: float = 2.0
    """Periods to be seen before the seasonal profile is used; 0 slots switch it off."""
    max_series: int = 20_000
