"""Incidents that were made up for these tests: other systems, languages and mechanisms each."""

from __future__ import annotations

from . import (
    stories_configured,
    stories_outside,
    stories_resources,
    stories_stored,
    stories_written,
)

GUILTY = (
    *stories_written.STORIES,
    *stories_stored.STORIES,
    *stories_resources.STORIES,
    *stories_configured.STORIES,
)
NONE = stories_outside.STORIES
