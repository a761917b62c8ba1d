"""What happens to the company without anybody in it being told."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from opsweave.demo.company import model
from opsweave.demo.company.layout import Layout
from opsweave.demo.company.spec import read_json, write_json


class World:
    """Levers; each stays as it was left."""

    def __init__(self, paths: Layout, seed: int) -> None:
        self.__paths, self.__seed = paths, seed

    def instances(self) -> dict[str, dict[str, Any]]:
        """Running processes by name: pid, role, port."""
        found = read_json(self.__paths.processes, {})
        assert isinstance(found, dict)
        return found

    def hang(self, role: str) -> None:
        """Stop a role's processes without ending them."""
        self.__signal(role, signal.SIGSTOP)

    def wear(self, role: str, factor: float = 30.0) -> None:
        """Use up something that only a restart gives back: work becomes slower by a factor."""
        with self.__lever("wear") as lever:
            lever[role] = factor
        self.__signal(role, signal.SIGUSR1)

    def verbose(self, role: str, on: bool, size: int = 40_000) -> None:
        """Have a role's processes write ``size`` bytes too much a request into their logs."""
        with self.__lever("verbose") as lever:
            lever[role] = size
        self.__signal(role, signal.SIGUSR2 if on else signal.SIGHUP)

    def provider(
        self, *, slow_ms: float | None = None, fail: float | None = None, expire: bool = False
    ) -> None:
        """Make the outside provider slow or failing, or have the company's key expire."""
        with self.__lever("provider") as lever:
            if slow_ms is not None:
                lever["slow_ms"] = slow_ms
            if fail is not None:
                lever["fail"] = fail
            if expire:
                keys = read_json(self.__paths.world / "provider-keys.json", {})
                assert isinstance(keys, dict)
                lever["expired"] = int(keys.get("expired", 0)) + 1

    def surge(self, factors: dict[str, float]) -> None:
        """Multiply the rate of requests by path; {} ends it."""
        write_json(self.__paths.world / "load.json", factors)

    def warehouse(
        self, *, hold_s: float | None = None, share: float | None = None, how: str | None = None
    ) -> None:
        """Have the job hold the database's lock longer, or spoil a share of the feature rows."""
        with self.__lever("warehouse") as lever:
            given = {"hold_s": hold_s, "share": share, "how": how}
            lever.update({name: value for name, value in given.items() if value is not None})

    def train_model(self, version: str, *, worse: float = 0.0) -> None:
        """Put a model version into the registry; ``worse`` is the share of wrong labels."""
        seed = self.__seed + sum(version.encode())
        model.save(self.__paths.models, version, model.train(seed, worse=worse))

    def __signal(self, role: str, number: signal.Signals) -> None:
        for one in self.instances().values():
            if one["role"] == role:
                with suppress(ProcessLookupError):
                    os.kill(int(one["pid"]), number)

    def __lever(self, name: str) -> _Lever:
        return _Lever(self.__paths.world / f"{name}.json")


class _Lever:
    """A file of the world that is read, changed and written back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = read_json(path, {})
        assert isinstance(found, dict)
        self._value: dict[str, Any] = found

    def __enter__(self) -> dict[str, Any]:
        return self._value

    def __exit__(self, *error: object) -> None:
        write_json(self._path, self._value)
