"""What a log line says, as a short name that is the same for lines of one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

from opsweave.analysis.logs import TemplateMiner
from opsweave.analysis.traces.happenings import is_error

_HEAD = 160
_PLACE = re.compile(
    r"(?<![^\s\[(\"'])([A-Za-z_$][\w.$\[\]/-]*#\d{1,5}|[\w./$-]*[A-Za-z_]\.[a-z]{1,4}:\d{1,5})(?!\w)"
)
"""``Class#line`` or ``file.ext:line``: the statement itself; its words may hold any value."""
_LOUD = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|PANIC|SEVERE)\b|\b[\w.]*(?:Exception|Error)\b(?=:|$)|Traceback \("
    r"|\"(?:level|severity|lvl)\"\s*:\s*\"(?:error|fatal|critical|panic)"
    r"|\blevel=(?:error|fatal|critical|panic)"
)


def statements(bodies: Sequence[str]) -> list[str]:
    """Name of the statement that wrote each line: its place in the code, else its template."""
    miner = TemplateMiner()
    mined = {
        i: miner.add(body).id
        for i, body in enumerate(bodies)
        if _PLACE.search(body, 0, _HEAD) is None
    }
    return [
        miner.text_of(mined[i]) if i in mined else _place(body) for i, body in enumerate(bodies)
    ]


def _place(body: str) -> str:
    match = _PLACE.search(body, 0, _HEAD)
    return match[1] if match else ""


def loud(severity: str, body: str) -> bool:
    """Whether a line tells of a failure: by its severity or, where that is unknown, its words.

    >>> loud("ERROR", ""), loud("", "java.io.IOException: reset"), loud("", "no error so far")
    (True, True, False)
    """
    return is_error(severity) if severity else _LOUD.search(body, 0, 400) is not None
