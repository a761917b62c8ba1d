"""Where everything of the company lies on disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.demo.company.spec import Names


class Layout:
    """Paths below the company's folder. ``world`` holds what no one in the company knows."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repo = root / "repo"
        self.home = root / "home"
        self.releases = root / "releases"
        self.specs = root / "specs"
        self.logs = root / "logs"
        self.journal = root / "journal"
        self.spool = root / "events"
        self.services = root / "services"
        self.shared = root / "shared"
        self.features = self.shared / "features"
        self.models = self.shared / "models"
        self.credentials = self.shared / "credentials"
        self.world = root / "world"
        self.plan = root / "platform.json"
        self.state = root / "state.json"
        self.processes = root / "processes.json"

    def make(self) -> None:
        """Create the folders."""
        for path in (
            self.home,
            self.releases,
            self.specs,
            self.logs,
            self.journal,
            self.spool,
            self.services,
            self.features,
            self.models,
            self.credentials,
            self.world,
        ):
            path.mkdir(parents=True, exist_ok=True)


class PlatformPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform is told when it starts."""

    root: str
    names: Names
    seed: int
    otlp: str
    token: str
    port: int
    provider_port: int
    operator_token: str
    developer_token: str
