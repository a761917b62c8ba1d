"""The running instances: started from a release, checked, routed, replaced, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import msgspec

from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.demo.company.nursery import Nursery
from opsweave.demo.company.repo import Repository
from opsweave.demo.company.spec import Spec, write_json
from opsweave.demo.company.state import StateStore
from opsweave.kernel.errors import RetryLater

READY_S = 20.0
SWITCH_S = 0.7
"""Clients read the routes twice a second."""
GRACE_S = 3.0
KEEP_PAUSE_S = 0.5
SINGLE = ("warehouse",)
"""Jobs of which never two may run at once."""


class StartFailed(RetryLater):
    """A release does not become ready."""


class Instance:
    """One process of a role."""

    def __init__(self, role: str, name: str, port: int, pid: int) -> None:
        self.role, self.name, self.port, self.pid = role, name, port, pid
        self.stopping = False
        self.gone = threading.Event()


class Fleet:
    """All instances, with the file of routes."""

    def __init__(self, plan: PlatformPlan, repo: Repository, state: StateStore) -> None:
        self._plan, self._repo, self._state = plan, repo, state
        self._paths = Layout(Path(plan.root))
        self._lock = threading.RLock()
        self._instances: dict[int, Instance] = {}
        self._routed: dict[str, list[Instance]] = {}
        self._number = 0
        self._early: set[int] = set()
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.nursery = Nursery(self._exited, environment)

    # -- starting -------------------------------------------------------------------------------

    def start(self, role: str, code: str, config: str) -> Instance:
        """A ready instance, not yet routed. Raises StartFailed."""
        for commit in {code, config}:
            self._repo.checkout(commit, self._paths.releases / commit)
        with self._lock:
            self._number += 1
            name = f"{self._plan.names.roles[role]}-{self._number}"
        port = free_port()
        spec = Spec(
            role=role,
            name=self._plan.names.roles[role],
            entity=self._plan.names.entity(role),
            instance=name,
            version=code[:12],
            port=port,
            release=str(self._paths.releases / code),
            config=str(self._paths.releases / config / "config" / f"{role}.yaml"),
            home=str(self._paths.services / role),
            shared=str(self._paths.shared),
            peers={role: self._plan.names.entity(role) for role in self._plan.names.roles},
            otlp=self._plan.otlp,
            token=self._plan.token,
            seed=self._plan.seed,
        )
        file = self._paths.specs / f"{name}.json"
        write_json(file, spec)
        instance = self.spawn(
            role, name, "opsweave.demo.company.runtime.service", [str(file)], port
        )
        try:
            self._await_ready(instance)
        except StartFailed:
            self.stop([instance])
            raise
        return instance

    def keep(self, role: str, module: str, arguments: list[str]) -> None:
        """A process without releases, started again when it ends."""

        def run() -> None:
            while True:
                self.spawn(role, role, module, arguments, 0).gone.wait()
                time.sleep(KEEP_PAUSE_S)

        threading.Thread(target=run, daemon=True).start()

    def spawn(self, role: str, name: str, module: str, arguments: list[str], port: int) -> Instance:
        """Any process of the company."""
        pid = self.nursery.spawn(module, arguments, self._paths.logs / f"{name}.log", name)
        instance = Instance(role, name, port, pid)
        with self._lock:
            self._instances[pid] = instance
            if pid in self._early:
                instance.gone.set()
            self._write_processes()
        return instance

    def _await_ready(self, instance: Instance) -> None:
        until = time.monotonic() + READY_S
        while time.monotonic() < until and not instance.gone.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=2)
            try:
                connection.request("GET", "/ready")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        raise StartFailed(f"{instance.name} does not become ready")

    # -- replacing ------------------------------------------------------------------------------

    def roll(
        self, role: str, code: str, config: str, count: int, commit: Callable[[], None]
    ) -> None:
        """Replace all instances of a role: new ones first, then the routes, then the old ones.

        ``commit`` is called when the new ones are ready; a failure before that changes nothing.
        """
        old = self.routed(role)
        if role in SINGLE:
            self.stop(old)
            old = []
            try:
                fresh = self._start_many(role, code, config, count)
            except StartFailed:
                self.bring_up(role)
                raise
        else:
            fresh = self._start_many(role, code, config, count)
        commit()
        self._route(role, fresh)
        if old:
            time.sleep(SWITCH_S)
            self.stop(old)

    def resize(self, role: str, count: int, commit: Callable[[], None]) -> None:
        """Add or remove instances."""
        have, wanted = self.routed(role), self._state.get().roles[role]
        if count > len(have):
            code, config = wanted.code[-1], wanted.config[-1]
            fresh = self._start_many(role, code, config, count - len(have))
            commit()
            self._route(role, have + fresh)
            return
        commit()
        self._route(role, have[:count])
        time.sleep(SWITCH_S)
        self.stop(have[count:])

    def bring_up(self, role: str) -> None:
        """Start what the state wants of a role."""
        wanted = self._state.get().roles[role]
        code, config = wanted.code[-1], wanted.config[-1]
        self._route(role, self._start_many(role, code, config, wanted.replicas))

    def _start_many(self, role: str, code: str, config: str, count: int) -> list[Instance]:
        with ThreadPoolExecutor(count) as pool:
            started = [pool.submit(self.start, role, code, config) for _ in range(count)]
        failed = [one for one in started if one.exception() is not None]
        fine = [one.result() for one in started if one.exception() is None]
        if failed:
            self.stop(fine)
            failed[0].result()
        return fine

    # -- stopping -------------------------------------------------------------------------------

    def stop(self, instances: Sequence[Instance], *, grace_s: float = GRACE_S) -> None:
        """End processes: politely at first, at once when they are stopped."""
        for instance in instances:
            instance.stopping = True
            hung = _is_stopped(instance.pid)
            _signal(instance, signal.SIGKILL if hung or grace_s <= 0 else signal.SIGTERM)
        until = time.monotonic() + grace_s
        for instance in instances:
            if not instance.gone.wait(max(0.0, until - time.monotonic())):
                _signal(instance, signal.SIGKILL)
                instance.gone.wait(2)

    def kill(self, role: str) -> None:
        """End all instances of a role at once; nothing is left of what they held."""
        self.stop(self.routed(role), grace_s=0)

    def signal(self, role: str, number: signal.Signals) -> None:
        """Send a signal to all instances of a role."""
        for instance in self.routed(role):
            _signal(instance, number)

    def _exited(self, pid: int) -> None:
        with self._lock:
            instance = self._instances.pop(pid, None)
            if instance is None:
                self._early.add(pid)
                return
            instance.gone.set()
            self._write_processes()
            routed = self._routed.get(instance.role, [])
            again = not instance.stopping and instance in routed
        if again:
            self._revive(instance)

    def _revive(self, dead: Instance) -> None:
        """A process that ended by itself comes back, as any supervisor would have it."""
        for pause in (0.2, 1, 2, 4, 8):
            time.sleep(pause)
            wanted = self._state.get().roles[dead.role]
            try:
                fresh = self.start(dead.role, wanted.code[-1], wanted.config[-1])
            except RetryLater:
                continue
            with self._lock:
                routed = self._routed.get(dead.role, [])
                if dead in routed:
                    self._route(dead.role, [fresh if one is dead else one for one in routed])
                    return
            self.stop([fresh])
            return

    # -- routes ---------------------------------------------------------------------------------

    def routed(self, role: str) -> list[Instance]:
        """Instances that get requests."""
        with self._lock:
            return list(self._routed.get(role, []))

    def route_fixed(self, role: str, port: int) -> None:
        """A peer that is not replaced."""
        self._route(role, [Instance(role, role, port, 0)])

    def _route(self, role: str, instances: list[Instance]) -> None:
        with self._lock:
            self._routed[role] = instances
            routes = {role: [one.port for one in them] for role, them in self._routed.items()}
            write_json(self._paths.shared / "routes.json", routes)

    def _write_processes(self) -> None:
        table = {
            one.name: {"pid": one.pid, "role": one.role, "port": one.port}
            for one in self._instances.values()
        }
        table["platform"] = {"pid": os.getpid(), "role": "platform", "port": self._plan.port}
        table["nursery"] = {"pid": self.nursery.pid, "role": "nursery", "port": 0}
        write_json(self._paths.processes, msgspec.to_builtins(table))


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_stopped(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    return False


def _signal(instance: Instance, number: signal.Signals) -> None:
    if instance.pid and not instance.gone.is_set():
        with suppress(ProcessLookupError):
            os.kill(instance.pid, number)
