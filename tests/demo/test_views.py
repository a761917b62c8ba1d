"""The live screen, the lines and the summary, drawn from recorded answers."""

import io
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from opsweave.demo.feed import feed_of
from opsweave.demo.incident_panel import incident_lines
from opsweave.demo.live import LiveView, frame
from opsweave.demo.observed import Observed
from opsweave.demo.plain import PlainView
from opsweave.demo.report import report_of
from opsweave.demo.scene import Scene
from opsweave.demo.summary import right, summary_of

from . import sample

SIZES = [(98, 34), (78, 23), (60, 20), (150, 50)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("done", [False, True])
def test_a_frame_fills_the_screen_and_no_more(width, height, done):
    lines = frame(sample.scene(done=done), width, height)
    assert len(lines) == height
    assert max(line.cell_len for line in lines) <= width


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_are_never_cut(width, height):
    text = "\n".join(line.plain for line in frame(sample.scene(), width, height))
    for name in sample.NAMES:
        assert name in text


def test_a_small_screen_keeps_cause_and_plan():
    text = "\n".join(line.plain for line in frame(sample.scene(), 78, 23))
    assert "its deployment made every request slow" in text
    assert "Plan roll back basket" in text
    assert "checkout works" in text


def test_states_have_words():
    scene = sample.scene()
    assert scene.word_of(sample.CART) == "cause"
    assert scene.word_of(sample.EDGE) == "suffers"
    assert scene.word_of("service:demo/shop/mailer") == "ok"
    assert sample.scene(done=True).word_of(sample.CART) == "ok"


def test_a_scene_without_anything():
    empty = Scene(run=Observed(fault=None, seed=1, started_ns=sample.T0), now_ns=sample.T0)
    assert len(frame(empty, 78, 23)) == 23


def test_progress_grows_and_is_full_at_the_end():
    scene = sample.scene()
    shares = []
    for phase in range(len(scene.phases)):
        scene.phase, scene.phase_began_ns = phase, scene.now_ns
        shares.append(scene.progress())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_live_view_draws_on_a_terminal():
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100, height=35)
    with LiveView(console, sample.scene()) as view:
        view.changed()
    assert "basket" in out.getvalue()


def test_lines_say_everything_once():
    out = io.StringIO()
    with PlainView(out, sample.scene()) as view:
        view.changed()
        view.changed()
    text = out.getvalue()
    assert text.count("look up voucher earlier") == 1
    assert text.count("its deployment made every request slow") == 1
    assert "\x1b" not in text


def test_the_feed_is_in_order_and_tells_our_own_actions_apart():
    lines = feed_of(sample.observed())
    assert [line.at_ns for line in lines] == sorted(line.at_ns for line in lines)
    kinds = {line.says: line.kind for line in lines if "basket back" in line.says}
    assert list(kinds.values()) == ["action"]


def test_evidence_gives_way_before_the_plan():
    incident, run = sample.incident(), sample.plan_run(done=False)
    text = [line.plain for line in incident_lines(incident, run, 90, room=3)]
    assert len(text) == 3
    assert "Plan roll back basket" in text[2]


def test_who_is_asked_sees_what_would_change():
    scene = sample.scene()
    scene.question = "Approve: roll back basket? [y/n]"
    lines = [line.plain for line in frame(scene, 78, 23)]
    assert lines[-1] == scene.question
    assert any("- 3f2a9c1   + 19ab22f" in line for line in lines)


def text_of(report) -> str:
    out = io.StringIO()
    Console(file=out, width=90).print(summary_of(report))
    return " ".join(out.getvalue().split())


def test_the_summary_of_a_good_run(tmp_path: Path):
    truth = sample.write_truth(tmp_path / "truth.json")
    text = text_of(report_of(sample.observed(truth_file=truth)))
    for part in (
        "recovered and verified in 35.0 s",
        "What broke",
        "right",
        "roll back basket",
        "all symptoms resolved",
        "its onset is after the symptom",
        "100 % before, 62 % left now",
        "recovered 38.0 s after it",
        "0.31 of a core, 410 MB",
    ):
        assert part in text


def test_the_summary_says_when_opsweave_was_wrong(tmp_path: Path):
    truth = sample.write_truth(tmp_path / "truth.json", change=None, entity=sample.EDGE)
    report = report_of(sample.observed(truth_file=truth))
    assert right(report) == 2
    assert "the truth is its cause 2" in text_of(report)


def test_the_summary_of_a_failed_run():
    run = sample.observed(done=False)
    run.incidents = [msgspec.structs.replace(run.incidents[0], causes=(), explained_ns=None)]
    run.runs, run.problem = [], "opsweave up ended with 1"
    text = text_of(report_of(run))
    assert "not recovered" in text
    assert "not explained" in text
    assert "opsweave up ended with 1" in text


def test_the_summary_of_a_calm_run():
    run = Observed(fault=None, seed=1, started_ns=sample.T0, ended_ns=sample.at(600))
    assert "calm: no incident" in text_of(report_of(run))
