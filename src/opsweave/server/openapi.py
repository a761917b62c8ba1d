"""``python -m opsweave.server.openapi`` prints the description of the HTTP API."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import msgspec

from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.server.configuration import read_configuration
from opsweave.server.console.openapi import document
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly


def text() -> str:
    """The same for every server of this version; ends in a newline."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, clock = DataFolder(Path(scratch) / "data"), SystemClock()
        with opened(folder, clock) as stores:
            settings = UpSettings(data=folder.root)
            app = Assembly(stores, read_configuration(None), settings, clock).app
            told = msgspec.json.encode(document(app))
    return f"{msgspec.json.format(told, indent=1).decode()}\n"


if __name__ == "__main__":
    sys.stdout.write(text())
