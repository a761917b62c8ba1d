"""Opsweave itself as the demo starts it: ``opsweave up``, a process like on anybody's machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import msgspec

from opsweave.demo.client import Client
from opsweave.demo.processes import Processes
from opsweave.kernel.errors import OpsweaveError

COMMAND = (sys.executable, "-m", "opsweave.cli")
READY_S = 60.0
STOP_S = 15.0
_AGAIN_S = 0.1
_TAIL = 12


class DidNotStart(OpsweaveError):
    """A process that the demo needs does not run; the message has the end of its log."""


class Opsweave:
    """One server in a data folder of its own."""

    def __init__(self, processes: Processes, data: Path, config: Path, log: Path) -> None:
        self._processes, self.data, self._config, self._log = processes, data, config, log
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        """Of the server; -1 before it is started."""
        return self._process.pid if self._process else -1

    def start(self, port: int = 0) -> None:
        """Start it, and wait until it takes requests. Raises DidNotStart."""
        command = [*COMMAND, "up", "--data", str(self.data), "--config", str(self._config)]
        with self._log.open("ab") as log:
            self._process = self._processes.start([*command, "--port", str(port)], log=log)
        end = time.monotonic() + READY_S
        while time.monotonic() < end:
            if (url := self._announced()) is not None:
                self.url = url
                return
            self.check()
            time.sleep(_AGAIN_S)
        raise DidNotStart(f"opsweave up is not ready after {READY_S:g} s\n{self.tail()}")

    def check(self) -> None:
        """Raises DidNotStart when the server has ended."""
        if self._process is not None and (code := self._process.poll()) is not None:
            raise DidNotStart(f"opsweave up ended with {code}\n{self.tail()}")

    def tail(self) -> str:
        """The end of its log."""
        try:
            lines = self._log.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(lines[-_TAIL:])

    def token(self, *scopes: str, name: str) -> str:
        """A new token, as a user would create it. Raises DidNotStart when that fails."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = [*COMMAND, "token", "create", "--data", str(self.data), "--name", name, "--json"]
        for scope in scopes:
            command += ["--scope", scope]
        made = subprocess.run(command, capture_output=True, check=False, timeout=READY_S)
        if made.returncode:
            raise DidNotStart(f"opsweave token create: {made.stderr.decode('utf-8', 'replace')}")
        answer: dict[str, str] = msgspec.json.decode(made.stdout)
        return answer["token"]

    def client(self) -> Client:
        """The API with the local owner's token."""
        return Client(self.url, (self.data / "local.token").read_text("utf-8").strip())

    def console_link(self) -> str:
        """Opens the console, signed in as the owner; works once, for ten minutes."""
        return f"{self.url}{self.client().sign_in_path()}"

    def stop(self) -> None:
        """Ask it to end, and wait; what does not end is left to :class:`Processes`."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_S)

    def _announced(self) -> str | None:
        try:
            said = msgspec.json.decode((self.data / "server.json").read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        if said.get("pid") != self.pid or not (self.data / "local.token").exists():
            return None
        return str(said["url"])
