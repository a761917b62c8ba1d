"""What customers and readers of mails experienced, read as it is written."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NamedTuple

import msgspec


class Row(NamedTuple):
    """One customer's request; ``done`` is when the customer knew."""

    done: float
    path: str
    ms: float
    ok: bool
    wronged: bool


class Mail(NamedTuple):
    """One mail, sent at ``at`` after ``delay`` seconds; ``ok`` is False when it was lost."""

    at: float
    delay: float
    ok: bool = True


class _Line(msgspec.Struct):
    at: float
    path: str
    ms: float
    ok: bool
    wronged: bool = False


class _MailLine(msgspec.Struct):
    at: float
    delay: float
    ok: bool = True


class Tail:
    """Whole new lines of a growing file; a missing file has none."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0

    def lines(self) -> list[bytes]:
        """What was appended since the last look."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return []
        whole, _, _ = data.rpartition(b"\n")
        self._offset += len(whole) + 1 if whole else 0
        return whole.split(b"\n") if whole else []


class Experience:
    """Both files, kept in memory, in the order of their times."""

    def __init__(self, outcomes: Path, mailbox: Path) -> None:
        self._outcomes, self._mailbox = Tail(outcomes), Tail(mailbox)
        self._lock = threading.Lock()
        self._rows: list[Row] = []
        self._mails: list[Mail] = []

    def read(self) -> tuple[list[Row], list[Mail]]:
        """Everything so far."""
        with self._lock:
            for raw in self._outcomes.lines():
                line = msgspec.json.decode(raw, type=_Line)
                done = line.at + line.ms / 1000
                self._rows.append(Row(done, line.path, line.ms, line.ok, line.wronged))
            for raw in self._mailbox.lines():
                mail = msgspec.json.decode(raw, type=_MailLine)
                self._mails.append(Mail(mail.at, mail.delay, mail.ok))
            self._rows.sort()
            self._mails.sort()
            return list(self._rows), list(self._mails)
