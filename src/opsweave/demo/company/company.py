"""The demo company, as its runner and the faults see it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.company.catalog import write_config
from opsweave.demo.company.developer import Developer
from opsweave.demo.company.fleet import free_port
from opsweave.demo.company.journal import Entry, Journal
from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.demo.company.prepare import names_of, prepare
from opsweave.demo.company.repo import Repository
from opsweave.demo.company.world import World
from opsweave.kernel.errors import Bug, RetryLater

MARK = "OPSWEAVE_COMPANY"
"""Every process of the company inherits it: so that none is overlooked."""
STOP_S = 8.0


class Company(Developer, World):
    """Processes, developers and the world of one company, in one folder."""

    def __init__(self, folder: Path, *, seed: int, otlp: str, token: str) -> None:
        self.folder = folder
        self._paths = Layout(folder / "company")
        self._plan = PlatformPlan(
            root=str(self._paths.root.absolute()),
            names=names_of(seed),
            seed=seed,
            otlp=otlp.rstrip("/"),
            token=token,
            port=free_port(),
            provider_port=free_port(),
            operator_token=secrets.token_urlsafe(24),
            developer_token=secrets.token_urlsafe(24),
        )
        self.paths = self._paths
        self.names = self._plan.names
        self.platform_url = f"http://127.0.0.1:{self._plan.port}"
        self.operator_token = self._plan.operator_token
        self.outcomes = self._paths.world / "outcomes.jsonl"
        self.mailbox = self._paths.shared / "mailbox.jsonl"
        Developer.__init__(self, self._plan, self._paths)
        World.__init__(self, self._paths, seed)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = threading.Lock()
        prepare(self._paths, self._plan)

    def write_config(self, folder: Path) -> None:
        """What an operator would give to Opsweave: catalog, objectives, access to the platform."""
        write_config(folder, self.names, self.platform_url, self.operator_token)

    def history(self, files: dict[str, str], message: str, author: str) -> None:
        """Commit files before the first day: what starts has them, and nobody is told."""
        if self._process is not None:
            raise Bug("the company's history ends when it starts")
        Repository(self._paths.repo, self._paths.home).commit_files(files, message, author)

    def start(self) -> None:
        """Start the platform."""
        with (self._paths.logs / "platform.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "opsweave.demo.company.platform", str(self._paths.plan)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=os.environ | {MARK: self._plan.root},
                start_new_session=True,
            )

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Until everything runs. Raises RetryLater when it does not in time."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise RetryLater("the platform has ended; its log says why")
            with suppress(RetryLater):
                self.targets()
                return
            time.sleep(0.1)
        raise RetryLater("the company does not become ready")

    def stop(self) -> int:
        """End every process; returns how many are left."""
        process = self._process
        if process is None:
            return 0
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        until = time.monotonic() + STOP_S
        while (left := self.alive()) and time.monotonic() < until:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        return len(self.alive())

    def processes(self) -> dict[str, int]:
        """Process ids by instance; ``platform`` and ``nursery`` among them."""
        return {name: int(one["pid"]) for name, one in self.instances().items()}

    def alive(self) -> list[int]:
        """Processes of this company that exist, whoever lists them."""
        wanted = f"{MARK}={self._plan.root}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    if wanted in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found

    def journal(self) -> list[Entry]:
        """All effects on all targets, in order of time."""
        return Journal(self._paths.journal).entries()

    def state(self) -> dict[str, Any]:
        """What the platform wants to be running."""
        found: dict[str, Any] = msgspec.json.decode(self._paths.state.read_bytes())
        return found
