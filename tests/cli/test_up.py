"""What ``opsweave up`` says when it listens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from opsweave.cli import _log
from opsweave.cli.up import up
from opsweave.record.folder import ServerInfo
from opsweave.server import up as server

LINK = "http://127.0.0.1:7100/signin?once=secret"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_link_that_signs_in_goes_to_a_terminal_not_to_a_log(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(_log, "log_to_stderr", lambda _level: None)
    info = ServerInfo(url="http://127.0.0.1:7100", pid=1)
    monkeypatch.setattr(server, "up", lambda _settings, listening: listening(info, LINK))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    up(data=tmp_path)
    said = capsys.readouterr().out
    assert (LINK in said) is terminal
    assert ("opsweave console" in said) is not terminal
    assert info.url in said
    up(data=tmp_path, json=True)
    assert LINK in capsys.readouterr().out, "who asks for JSON is a program that opens it"
