from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.demo.company.repo import BEGINNINGS, Repository
from opsweave.kernel.errors import RejectInput

STEPS = "services/cart/steps.py"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "repo", tmp_path)
    found.begin(3)
    return found


def test_begins_with_a_history(repo: Repository) -> None:
    subjects = repo.git("log", "--format=%s").splitlines()
    assert subjects == list(reversed(BEGINNINGS))
    assert "def run" in repo.read(STEPS)


def test_commits_are_told_apart_by_what_they_touch(repo: Repository) -> None:
    first = repo.git("rev-parse", "HEAD").strip()
    second = repo.commit_files({STEPS: repo.read(STEPS) + "X = 1\n"}, "Add x", "Mara Lind")
    assert repo.stat(first, second, "services/cart") == ([STEPS], 1, 0)
    assert repo.stat(first, second, "services/edge") == ([], 0, 0)
    assert repo.between(first, second, "services/cart") == [second]
    assert (repo.subject(second), repo.author(second)) == ("Add x", "Mara Lind")
    assert "+X = 1" in repo.diff(first, second, "services/cart")
    assert repo.commit_files({STEPS: repo.read(STEPS)}, "Nothing", "Mara Lind") == second


def test_a_release_is_the_tree_of_its_commit(repo: Repository, tmp_path: Path) -> None:
    first = repo.git("rev-parse", "HEAD").strip()
    repo.commit_files({STEPS: "X = 1\n"}, "Replace", "Mara Lind")
    repo.checkout(first, tmp_path / "release")
    assert "def run" in (tmp_path / "release" / STEPS).read_text()
    assert repo.read(STEPS) == "X = 1\n"


def test_restores_a_folder_on_the_main_branch(repo: Repository) -> None:
    first = repo.git("rev-parse", "HEAD").strip()
    more = {STEPS: "X = 1\n", "services/cart/more.py": "", "README.md": "new\n"}
    repo.commit_files(more, "Replace", "Mara Lind")
    repo.restore(first, "services/cart", "Back", "opsweave")
    assert "def run" in repo.read(STEPS)
    assert not (repo.folder / "services/cart/more.py").exists()
    assert repo.read("README.md") == "new\n"


@pytest.mark.parametrize("name", ["../outside", ".git/hooks/pre-commit", "/etc/x"])
def test_refuses_to_write_outside(repo: Repository, name: str) -> None:
    with pytest.raises(RejectInput):
        repo.commit_files({name: "x"}, "No", "Mara Lind")


def test_resolves_what_is_there(repo: Repository) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    assert repo.resolve(head[:10]) == head
    assert repo.resolve("0" * 40) is None
