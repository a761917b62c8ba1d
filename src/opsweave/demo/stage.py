"""The stage: folders, Opsweave and the company, set up in order and taken down in order."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from opsweave.demo.approvals import PRINCIPAL, Desk, interactive, write_policy
from opsweave.demo.company.company import Company
from opsweave.demo.options import LOOPBACK, Options
from opsweave.demo.processes import Processes
from opsweave.demo.up import Opsweave
from opsweave.server.serve import free_port

READY_S = 60.0


class Stage:
    """Everything that runs besides this process. Truth lies outside what Opsweave is given."""

    def __init__(self, processes: Processes, options: Options) -> None:
        self._processes, self._options = processes, options
        self.root = Path(tempfile.mkdtemp(prefix="opsweave-demo-"))
        self.data = options.data or self.root / "data"
        self.config = self.root / "config"
        self.truth = self.root / "truth" / "truth.json"
        self.truth_beside = self.root / "truth" / "beside.json"
        for folder in (self.config, self.truth.parent, self.root / "company"):
            folder.mkdir()
        self.opsweave = Opsweave(processes, self.data, self.config, self.root / "opsweave.log")
        self.company: Company | None = None

    def build(self) -> Company:
        """The company, told where to send its telemetry; not started."""
        port = free_port(LOOPBACK, self._options.port)
        token = self.opsweave.token("ingest", name="company")
        company = Company(
            self.root / "company",
            seed=self._options.seed,
            otlp=f"http://{LOOPBACK}:{port}",
            token=token,
        )
        company.write_config(self.config)
        write_policy(self.config, self._options.approve)
        self.opsweave.start(port)
        self.company = company
        return company

    def desk(self) -> Desk:
        """Where a person is asked."""
        token = self.opsweave.token("approve", name=PRINCIPAL)
        return Desk(self.opsweave.client(), token=token, data=self.data, interactive=interactive())

    def stop(self) -> None:
        """Stop the company, then Opsweave."""
        if self.company is not None:
            self.company.stop()
        self.opsweave.stop()

    def clear(self) -> None:
        """Remove the temporary folder; ``--data`` is kept."""
        shutil.rmtree(self.root, ignore_errors=True)
