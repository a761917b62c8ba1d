"""Made-up incidents of many kinds: the guilty change is first, or no change is."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.analysis.causality.clues.changes import opinion
from opsweave.analysis.causality.opinion import Suspect

from .harder import harder
from .stories import GUILTY, LATER, NONE, NONE_LATER
from .story import Story, told
from .tempting import TEMPTING


def ranked(story: Story) -> list[Suspect]:
    found = opinion(told(story), {}).suspects
    return sorted((s for s in found if s.change), key=lambda s: -s.nats)


@pytest.mark.parametrize("story", GUILTY + LATER, ids=lambda s: s.name)
def test_the_guilty_change_is_named(story: Story) -> None:
    first = ranked(story)[0]
    assert first.change in story.guilty
    assert first.nats > 0
    assert first.says
    assert first.evidence


@pytest.mark.parametrize("story", NONE + NONE_LATER, ids=lambda s: s.name)
def test_no_change_is_named_where_none_is_guilty(story: Story) -> None:
    assert ranked(story)[0].nats < 0


@pytest.mark.parametrize("story", GUILTY + LATER, ids=lambda s: s.name)
def test_the_guilty_change_is_first_among_many_that_echo_the_complaint(story: Story) -> None:
    assert ranked(harder(story))[0].change in story.guilty


@pytest.mark.parametrize("story", NONE + NONE_LATER, ids=lambda s: s.name)
def test_an_echo_of_the_complaint_does_not_make_a_change_guilty(story: Story) -> None:
    assert ranked(harder(story))[0].nats < 0


@pytest.mark.parametrize("story", GUILTY, ids=lambda s: s.name)
def test_a_deployment_that_names_no_commit_hides_the_guilty_one_not(story: Story) -> None:
    changes = tuple(msgspec.structs.replace(c, commits=()) for c in story.changes)
    assert ranked(story._replace(changes=changes))[0].change in story.guilty


@pytest.mark.parametrize("story", GUILTY, ids=lambda s: s.name)
def test_what_came_after_the_alarm_is_innocent(story: Story) -> None:
    late = tuple(
        msgspec.structs.replace(c, at_ns=c.at_ns + int((story.alarm + 5) * 60e9))
        for c in story.changes
    )
    assert all(s.nats < 0 for s in ranked(story._replace(changes=late)))


@pytest.mark.parametrize("story", TEMPTING, ids=lambda s: s.name)
def test_a_tempting_change_is_not_blamed_for_what_came_from_outside(story: Story) -> None:
    assert ranked(story)[0].nats < 0
    assert ranked(harder(story))[0].nats < 0


@pytest.mark.parametrize("story", NONE, ids=lambda s: s.name)
def test_what_explains_it_without_a_change_is_said(story: Story) -> None:
    said = [s.says for s in opinion(told(story), {}).suspects if not s.change]
    assert said or story.name.startswith("nothing")
