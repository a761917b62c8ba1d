"""One owner at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opsweave.kernel.errors import RefusedByPolicy, RejectInput
from opsweave.record.folder import DataFolder, ServerInfo


def test_a_second_owner_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    first = DataFolder(tmp_path / "data")
    first.lock()
    with pytest.raises(RefusedByPolicy, match=str(os.getpid())):
        DataFolder(tmp_path / "data").lock()
    first.unlock()
    DataFolder(tmp_path / "data").lock()


def test_the_folder_is_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert folder.root.stat().st_mode & 0o777 == 0o700


def test_an_announcement_counts_only_while_somebody_owns_the_folder(
    tmp_path: Path,
) -> None:
    folder = DataFolder(tmp_path)
    folder.announce(ServerInfo(url="http://127.0.0.1:1", pid=1))
    assert folder.server() is None
    folder.lock()
    assert DataFolder(tmp_path).server() == ServerInfo(url="http://127.0.0.1:1", pid=1)
    folder.retract()
    assert folder.server() is None


def test_an_impossible_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RejectInput, match="data"):
        DataFolder(tmp_path / "file" / "data")


def test_a_folder_with_other_peoples_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    mode = tmp_path.stat().st_mode
    with pytest.raises(RejectInput, match="holds other files"):
        DataFolder(tmp_path)
    assert tmp_path.stat().st_mode == mode


def test_an_empty_folder_a_mount_and_our_own_are_taken(tmp_path):
    (tmp_path / "lost+found").mkdir()
    (tmp_path / ".keep").touch()
    folder = DataFolder(tmp_path)
    folder.lock()
    folder.unlock()
    (tmp_path / "note.txt").touch()
    assert DataFolder(tmp_path).root == folder.root
