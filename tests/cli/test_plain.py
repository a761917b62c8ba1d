"""What senders wrote is shown without what a terminal or a log would act upon."""

from __future__ import annotations

import logging

import pytest

from opsweave.cli import _app, _common
from opsweave.cli._log import _OneLine

EVIL = "cart\x1b]0;owned\x07\x1b[2J\r\n2026 ERROR forged\x9b31m\u202edeifitrev\x00"
BAD = "\x1b\x07\x9b\u202e\x00\r"


def test_a_log_line_stays_one_line() -> None:
    record = logging.LogRecord("opsweave", logging.ERROR, "", 0, "failed: %s", (EVIL,), None)
    line = _OneLine("%(levelname)s %(message)s").format(record)
    assert "\n" not in line
    assert not set(BAD) & set(line)
    assert "\\u001b" in line


def test_a_traceback_cannot_forge_a_line() -> None:
    found = (ValueError, ValueError(EVIL), None)
    record = logging.LogRecord("opsweave", logging.ERROR, "", 0, "failed", (), found)
    text = _OneLine("%(levelname)s %(message)s").format(record)
    assert all(line.startswith("    ") for line in text.split("\n")[1:])
    assert not set(BAD) & set(text)


def test_people_see_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    _common.table(("name", EVIL), [(EVIL, 1)], empty="", title=EVIL)
    _common.say(EVIL)
    _common.note(EVIL)
    _app._say(EVIL, 1)
    shown = capsys.readouterr()
    assert "deifitrev" in shown.out
    assert not set(BAD) & set(shown.out + shown.err)
