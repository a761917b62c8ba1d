"""The data folder: one owner at a time, private, with every store in its place."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

import msgspec

from opsweave.kernel.errors import RefusedByPolicy, RejectInput

_OURS = frozenset({"lock", "ledger", "tokens.json", "tokens.lock", "state.sqlite"})
"""What shows that a folder is ours."""


class ServerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where the owning process listens."""

    url: str
    pid: int


class DataFolder:
    """Paths below ``root``, which is made with mode 0700."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        _refuse_foreign(self.root)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.chmod(0o700)
        except OSError as error:
            raise RejectInput(
                f"{self.root} cannot be used: {error.strerror}",
                field="data",
                action="name a folder that you own",
            ) from error
        self.ledger = self.root / "ledger"
        self.telemetry = self.root / "telemetry.duckdb"
        self.sealed = self.root / "sealed"
        self.state = self.root / "state.sqlite"
        self.runs = self.root / "runs.sqlite"
        self.artifacts = self.root / "artifacts"
        self.quarantine = self.root / "quarantine"
        self.tokens = self.root / "tokens.json"
        self.local_token = self.root / "local.token"
        self._server = self.root / "server.json"
        self._lock = self.root / "lock"
        self._fd: int | None = None

    def lock(self) -> None:
        """Become the owner until the process ends; RefusedByPolicy says who is one already."""
        fd = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(fd, 100, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            raise RefusedByPolicy(
                f"{self.root} is owned by process {holder}: stop it, or name another folder",
                reasons=("one owner per data folder",),
            ) from error
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self._fd = fd

    def unlock(self) -> None:
        """Give the folder free."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def owned(self) -> bool:
        """Whether some process owns the folder now."""
        if self._fd is not None:
            return True
        try:
            fd = os.open(self._lock, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def announce(self, info: ServerInfo) -> None:
        """Tell commands where the server listens."""
        write_private(self._server, msgspec.json.encode(info))

    def server(self) -> ServerInfo | None:
        """Where the server listens; None when nobody owns the folder."""
        if not self.owned():
            return None
        try:
            return msgspec.json.decode(self._server.read_bytes(), type=ServerInfo)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def retract(self) -> None:
        """The server has ended."""
        with contextlib.suppress(FileNotFoundError):
            self._server.unlink()

    def free_bytes(self) -> int:
        """Space left for this user on the folder's disk."""
        disk = os.statvfs(self.root)
        return disk.f_bavail * disk.f_frsize


def _refuse_foreign(root: Path) -> None:
    """A folder that holds other people's files is not made private to us."""
    try:
        held = {entry.name for entry in root.iterdir() if not entry.name.startswith(".")}
    except OSError:
        return  # not there yet, or no folder: said when it is used
    if held - {"lost+found"} and not held & _OURS:
        raise RejectInput(
            f"{root} holds other files and no data of Opsweave",
            field="data",
            action="name an empty or a new folder",
        )


def write_private(path: Path, data: bytes) -> None:
    """Replace a file atomically; only its owner can read it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
