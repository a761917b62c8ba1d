"""An engine in a process of its own, to be killed: FOLDER holds all that it knows.

``job.json``: {"url", "plan", "blind"}; ``healthy``: there once the symptoms have resolved;
``connections``: written when the process speaks to anybody but this machine.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import msgspec

from opsweave.facts import Plan, Predicate
from opsweave.integrations.control_plane.actions import ControlPlane, Settings
from opsweave.kernel.clock import SystemClock
from opsweave.record.state.sql_store import SqlState, sqlite_url
from opsweave.runs.engine import Pace, RunEngine
from opsweave.runs.policy import policy_of
from opsweave.runs.ports import Effect, EffectState


class Job(msgspec.Struct):
    url: str
    plan: Plan
    blind: bool = False


class FileVerifier:
    """Symptoms have resolved once a file is there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def holds(self, predicate: Predicate, *, incident: str) -> tuple[bool | None, str]:
        healthy = self._file.exists()
        return healthy, "resolved" if healthy else "still fires"


class BlindControlPlane(ControlPlane):
    """One that can neither tell what happened nor be asked twice."""

    repeatable = False

    def probe(self, key: str) -> Effect:
        super().probe(key)
        return Effect(key=key, state=EffectState.UNKNOWN, says="keeps no keys")


def watch_connections(file: Path) -> None:
    """Of the whole process, libraries included."""

    def heard(event: str, details: tuple[object, ...]) -> None:
        if event == "socket.connect":
            address = details[1]
            host = address[0] if isinstance(address, tuple) else "local"
        elif event == "socket.getaddrinfo":
            host = str(details[0])
        else:
            return
        if host not in ("127.0.0.1", "localhost", "local"):
            file.write_text(f"{event} {host}")

    sys.addaudithook(heard)


def main(folder: Path) -> None:
    job = msgspec.json.decode((folder / "job.json").read_bytes(), type=Job)
    kind = BlindControlPlane if job.blind else ControlPlane
    engine = RunEngine(
        state=SqlState(sqlite_url(folder / "state.sqlite")),
        database=folder / "runs.sqlite",
        actuators=[kind(Settings(url=job.url), "")],
        verifier=FileVerifier(folder / "healthy"),
        policy=policy_of({"approval": {"mode": "auto"}}),
        clock=SystemClock(),
        pace=Pace(poll_s=0.1, admission_s=5, acting_s=5),
    )
    engine.start()
    engine.submit(job.plan, incident=job.plan.incident)
    while engine.live():
        time.sleep(0.02)
    engine.stop()


if __name__ == "__main__":
    watch_connections(Path(sys.argv[1]) / "connections")
    main(Path(sys.argv[1]))
