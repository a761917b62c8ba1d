from opsweave.bench.page.store import read, write
from opsweave.bench.result import Case, Dataset, Figure, Part, Result

MACHINE = dict.fromkeys(("opsweave", "commit", "changed", "cpu", "cores", "memory_gb", "python"))


def test_what_was_written_is_read_again(tmp_path):
    part = Part("all", 1, {"GA": Figure(0.5, 0.4, 0.6)})
    cases = [Case("a", {"GA": 0.5}), Case("b", failure="no")]
    result = Result("logs", "now", MACHINE, {}, [Dataset("x", "opsweave", [part], cases=cases)])
    names = sorted(path.name for path in write(result, tmp_path / "new"))
    assert names == ["bench-logs-ga.svg", "bench-logs.json", "bench-logs.md"]
    assert read(tmp_path / "new" / "bench-logs.json") == result
    page = (tmp_path / "new" / "bench-logs.md").read_text("utf-8")
    assert "(bench-logs-ga.svg)" in page


def test_the_record_keeps_cases_of_ours_alone(tmp_path):
    sets = [Dataset("x", name, cases=[Case("a")]) for name in ("opsweave", "a peer")]
    write(Result("rca", "now", MACHINE, {}, sets), tmp_path)
    kept = read(tmp_path / "bench-rca.json").datasets
    assert [len(one.cases) for one in kept] == [1, 0]
