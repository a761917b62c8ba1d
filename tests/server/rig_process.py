"""A server with all doors in a process of its own, for tests with real clients.

Writes one line on stderr when it listens: port, ingest token. Commands on stdin, answers on stderr:
``counts`` gives the ledger's counts as JSON, ``query SQL`` the columns.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from pathlib import Path

import msgspec

from opsweave.server.counts import counts
from opsweave.server.serve import serve
from opsweave.testing.doors import DoorRig


def say(answer: object) -> None:
    print(json.dumps(answer, default=str), file=sys.stderr, flush=True)


def answer(rig: DoorRig) -> None:
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "counts":
            say(msgspec.to_builtins(counts(rig.ledger, rig.telemetry)))
        elif command == "alerts":
            say([msgspec.to_builtins(a) for parsed, _ in rig.delivered for a in parsed.alerts])
        else:
            say(rig.telemetry.query(rest))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rig = DoorRig(Path(folder))
        rig.clock.advance(0)
        threading.Thread(target=answer, args=(rig,), daemon=True).start()
        rig.pump.start()
        serve(rig.app, on_listening=lambda port: say({"port": port, "token": rig.ingest}))
        rig.pump.stop()


if __name__ == "__main__":
    main()
