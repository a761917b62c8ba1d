import pytest

from opsweave.bench.page.markdown import page, section, table
from opsweave.bench.result import CHOSEN_HERE, Case, Cost, Dataset, Figure, Part, Result

MACHINE = {
    "opsweave": "0.1.0",
    "commit": "abc",
    "changed": False,
    "cpu": "a chip",
    "cores": 2,
    "memory_gb": 4.0,
    "python": "3.11",
}


def toy():
    part = Part("dev", 2, {"AC@1": Figure(0.5, 0.1, 0.9), "MB": Figure(12345.6)})
    cases = [
        Case("c1", {"rank": 1.0}),
        Case("c2", {"rank": 3.0}, "cpu"),
        Case("c3", {"rank": None}),
        Case("c4", failure="stopped after 9 s"),
    ]
    done = Dataset("toy", "ours", [part], [part], Cost(1.0, 2.0, 30.0), cases, protocol="said so")
    absent = Dataset("other", "ours", skipped="no folder")
    return Result("rca", "2026-01-01T00:00Z", MACHINE, {"half": "all"}, [done, absent])


def test_a_page_tells_figures_costs_and_failures_by_name():
    told = page(toy())
    assert "| ours | dev | 2 | .500 (.100 to .900) | 12,346 |" in told
    assert "commit abc" in told
    assert "Said so." in told
    assert "1.00 s a case (median), at most 2.0 s and 30 MB" in told
    assert "`c2` (cpu, right at 3); `c3` (right answer not named); `c4` (stopped after 9 s)" in told
    assert "`c1`" not in told
    assert "ours: skipped, no folder" in told


def test_no_rows_no_table():
    assert table("method", []) == []


def test_a_note_stands_beside_its_figure():
    part = Part("all", 1, {"x": Figure(0.5, note="n=3"), "best F1": Figure(0.5, note=CHOSEN_HERE)})
    told = "\n".join(section([Dataset("toy", "ours", [part])]))
    assert "| .500, n=3 | .500 † |" in told
    assert f"† {CHOSEN_HERE}." in told


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"windows": 3.0, "found": 1.0, "false": 4.0}, "`x` (found 1 of 3, 4 false)"),
        ({"segments": 2.0, "found": 2.0, "episodes": 3.0, "right": 2.0}, ""),
        ({"segments": 0.0, "found": 0.0, "episodes": 1.0, "right": 0.0}, "`x` (1 false)"),
        ({"GA": 0.95, "FTA": 0.5}, "`x` (FTA .500)"),
        ({"rank": 1.0}, ""),
    ],
)
def test_what_is_missed_is_told_by_name(figures, told):
    lines = "\n".join(section([Dataset("toy", "ours", cases=[Case("x", figures)])]))
    assert (told in lines) if told else ("missed" not in lines)
