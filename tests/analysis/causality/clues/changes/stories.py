"""Incidents that were made up for these tests: other systems, languages and mechanisms each."""

from __future__ import annotations

from . import (
    stories_configured,
    stories_fifth,
    stories_fourth,
    stories_outside,
    stories_resources,
    stories_second,
    stories_seventh,
    stories_sixth,
    stories_stored,
    stories_third,
    stories_written,
)

GUILTY = (
    *stories_written.STORIES,
    *stories_stored.STORIES,
    *stories_resources.STORIES,
    *stories_configured.STORIES,
)
LATER = (
    *stories_second.STORIES,
    *stories_third.STORIES,
    *stories_fourth.STORIES,
    *stories_sixth.STORIES,
)
NONE = stories_outside.STORIES
NONE_LATER = (*stories_fifth.STORIES, *stories_seventh.STORIES)
