"""The company's platform: runs all processes, and serves the control plane.

``python -m opsweave.demo.company.platform SPECFILE``; it ends when its standard input does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from opsweave.demo.company.actions.plan import Desk
from opsweave.demo.company.api import ControlPlane
from opsweave.demo.company.effects import Effects
from opsweave.demo.company.events import Sender, Spool
from opsweave.demo.company.fleet import Fleet
from opsweave.demo.company.journal import Journal
from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.demo.company.prepare import FIRST_MODEL
from opsweave.demo.company.repo import Repository
from opsweave.demo.company.spec import SERVICES
from opsweave.demo.company.state import RoleState, State, StateStore


class Platform:
    """All parts of one company, joined."""

    def __init__(self, plan: PlatformPlan) -> None:
        self._plan = plan
        self.paths = Layout(Path(plan.root))
        repo = Repository(self.paths.repo, self.paths.home)
        self._roles = (*SERVICES, "warehouse")
        store = StateStore(self.paths.state, lambda: first_state(repo, self._roles))
        self.fleet = Fleet(plan, repo, store)
        self.desk = Desk(plan, repo, store, self.fleet)
        self.server = ControlPlane(plan.port, plan.operator_token, plan.developer_token)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def start(self) -> None:
        """Bring everything up; the control plane answers when it is."""
        spool = Spool(self.paths.spool)
        self.desk.publish()
        provider = [str(self._plan.provider_port), str(self.paths.world)]
        self.fleet.route_fixed("provider", self._plan.provider_port)
        self.fleet.keep("provider", "opsweave.demo.company.provider", provider)
        self.fleet.bring_up("orders")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.fleet.bring_up, [one for one in self._roles if one != "orders"]))
        Sender(spool, self._plan.otlp, self._plan.token).start()
        load = [str(self.paths.shared), str(self.paths.world), str(self._plan.seed)]
        self.fleet.keep("load", "opsweave.demo.company.load", load)
        journal = Journal(self.paths.journal, repair=True)
        self.server.effects = Effects(self.desk, journal, spool)


def first_state(repo: Repository, roles: tuple[str, ...]) -> State:
    """Everything at the tip of the main branch."""
    tip = repo.git("rev-parse", "HEAD").strip()
    return State(
        roles={role: RoleState(code=[tip], config=[tip]) for role in roles},
        flags=tip,
        production=[FIRST_MODEL],
    )


def main(path: str) -> None:
    """Run until standard input ends or SIGTERM comes."""
    plan = msgspec.json.decode(Path(path).read_bytes(), type=PlatformPlan)
    platform = Platform(plan)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, args=(over,), daemon=True).start()
    threading.Thread(target=_watch_nursery, args=(platform, over), daemon=True).start()
    threading.Thread(target=_start, args=(platform, over), daemon=True).start()
    over.wait()
    platform.fleet.nursery.close()
    os._exit(0)


def _start(platform: Platform, over: threading.Event) -> None:
    try:
        platform.start()
    finally:
        if platform.server.effects is None:
            over.set()


def _watch_parent(over: threading.Event) -> None:
    """Whoever started the platform holds the other end of its standard input."""
    while os.read(0, 4096):
        pass
    over.set()


def _watch_nursery(platform: Platform, over: threading.Event) -> None:
    platform.fleet.nursery.gone.wait()
    over.set()


if __name__ == "__main__":
    main(sys.argv[1])
