from __future__ import annotations

from pathlib import Path

from opsweave.demo.company.journal import Entry, Journal


def entry(key: str, state: str, at: float = 1.0) -> Entry:
    return Entry(key=key, action="restart", target="t", arguments={}, at=at, state=state)


def test_the_last_state_of_a_key_counts_and_survives(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note(entry("a", "running"))
    journal.note(entry("a", "done"))
    journal.note(entry("b", "failed", at=0.5))
    again = Journal(tmp_path)
    assert again.find("a") == entry("a", "done")
    assert [one.key for one in again.entries()] == ["b", "a"]
    assert again.find("c") is None


def test_a_torn_end_is_passed_over_and_repaired_by_the_writer(tmp_path: Path) -> None:
    Journal(tmp_path).note(entry("a", "done"))
    (file,) = tmp_path.glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"key": "b", "act')
    assert Journal(tmp_path).find("b") is None
    assert file.read_bytes() != whole
    Journal(tmp_path, repair=True).note(entry("c", "done"))
    assert [one.key for one in Journal(tmp_path).entries()] == ["a", "c"]
