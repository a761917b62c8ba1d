"""Intervals, resuming, and the page of results."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.demo import measure
from opsweave.demo.report import report_of
from opsweave.demo.results import page_of
from opsweave.demo.shares import Share, wilson

from . import sample


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_against_published_values(hits, n, low, high):
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3, and symmetric cases."""
    found = wilson(hits, n)
    assert found == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(pair):
    hits, n = pair
    low, high = wilson(hits, n)
    assert 0.0 <= low <= hits / n <= high <= 1.0


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (3, 2), (-1, 2)])
def test_no_share(hits, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, n)


def test_nothing_is_no_data():
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def good(tmp_path: Path, **fields):
    truth = sample.write_truth(tmp_path / "truth.json")
    return (
        report_of(sample.observed(truth_file=truth))
        | {"wall_s": 150.0, "versions": {"python": "3.13"}}
        | fields
    )


def test_the_page_lists_every_miss(tmp_path: Path):
    torn = [{"incidents": ["a", "b"], "rank": 1}]
    runs = [
        good(tmp_path),
        good(tmp_path, fault="flag-cpu", seed=2, incidents=[{}, {}], faults=torn),
        {"fault": "job-lock", "seed": 1, "problem": "no report: it hung", "wall_s": 600.0},
    ]
    page = page_of(runs)
    assert "| one incident per fault | 95% | 1 of 3 | 33.3% | 6% to 79% | **missed** |" in page
    assert "| true cause first | 90% | 2 of 3 |" in page
    assert "- `flag-cpu` seed 2: not one incident per fault." in page
    assert "it hung" in page
    assert "runs at once: not recorded" in page
    assert "runs at once: at most 2" in page_of([good(tmp_path, jobs=2)])
    assert "used at most 0.31 of a core (mean of a run) and 410 MB" in page
    assert "latency_deploy` seed 1: not" not in page


def test_a_false_alarm_before_the_fault_is_not_one_incident(tmp_path: Path):
    assert "not one incident" in page_of([good(tmp_path, incidents_before=1)])


def test_two_faults_are_held_to_both_and_counted_apart(tmp_path: Path):
    def fault(name: str, *incidents: str, rank: int | None = 1):
        return {
            "fault": name, "entity": f"service:{name}", "change": None, "said": "service:x (None)",
            "incidents": list(incidents), "rank": rank, "recovered": True,
        }  # fmt: skip

    both = {
        "and": "job-lock",
        "incidents": [{}, {}],
        "faults": [fault("flag-cpu", "i"), fault("job-lock", "j", rank=None)],
        "grouping": {"purity": 0.9, "completeness": 1.0, "attributed": 10},
    }
    page = page_of([good(tmp_path), good(tmp_path, fault="flag-cpu", seed=2, **both)])
    assert "| one incident per fault | 95% | 2 of 2 |" in page
    assert "| true cause first | 90% | 1 of 2 |" in page
    assert "Of 2 faults, 2 had exactly one incident" in page
    assert "| purity of 12 attributed alerts | 95% | | 91.7% | | **missed** |" in page
    assert "| completeness of 12 attributed alerts | 95% | | 100.0% | | met |" in page
    assert "Mean purity 0.900, mean completeness 1.000" in page
    miss = next(line for line in page.splitlines() if line.startswith("- `flag-cpu`"))
    assert "and `job-lock` seed 2: not true cause first" in miss
    assert "job-lock: true service:job-lock (None); said service:x (None)" in miss


def test_every_fifth_run_of_a_fault_has_a_second_one():
    commands = [measure.command_of("flag-cpu", seed) for seed in range(1, 6)]
    assert sum("--and" in command for command in commands) == 1


def test_late_detection_is_a_miss(tmp_path: Path):
    run = good(tmp_path)
    run["seconds"]["symptom_to_detected"] = 61.0
    assert "not detected within 60 s" in page_of([run])


def test_it_resumes_where_it_ended(tmp_path: Path, monkeypatch, capsys):
    out, page = tmp_path / "runs.jsonl", tmp_path / "docs" / "demo.md"
    names = [fault.name for fault in measure.catalogue()][:2]
    made: list[tuple[str, int]] = []

    def run_one(fault: str, seed: int):
        made.append((fault, seed))
        return good(tmp_path, fault=fault, seed=seed)

    monkeypatch.setattr(measure, "run_one", run_one)
    out.write_bytes(msgspec.json.encode(good(tmp_path, fault=names[0], seed=1)) + b"\n")
    arguments = ["--faults", ",".join(names), "--seeds", "1,2", "--out", str(out)]
    assert measure.main([*arguments, "--report", str(page)]) == 0
    assert made == [(names[1], 1), (names[0], 2), (names[1], 2)]
    assert len(out.read_bytes().splitlines()) == 4
    assert page.read_text("utf-8") == capsys.readouterr().out
    assert measure.main(arguments) == 0
    assert len(made) == 3


def test_an_unknown_fault_is_refused(tmp_path: Path, capsys):
    assert measure.main(["--faults", "nonsense", "--out", str(tmp_path / "x")]) == 2
    assert "no fault 'nonsense'" in capsys.readouterr().err
