"""The real runner with a fake company, for tests of its ending: ``fake_demo.py [once]``.

The company's processes are the stubborn kind: one ignores SIGTERM, one has left its family.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from opsweave.demo import guard, runner, stage, story, up
from opsweave.demo.observed import Observed
from opsweave.demo.options import Options
from opsweave.demo.plain import PlainView
from opsweave.demo.report import report_of

STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
ORPHAN = f"import subprocess,sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}])"


class FakeCompany:
    """As much of a company as the runner touches; it forgets to stop anybody."""

    def __init__(self, folder: Path, *, seed: int, otlp: str, token: str) -> None:
        self.names = SimpleNamespace(
            namespace="fake",
            roles={"edge": "edge"},
            entity=lambda role: f"service:demo/fake/{role}",
        )

    def write_config(self, folder: Path) -> None:
        (folder / "policy.yaml").write_text("max_risk: medium\n")

    def start(self) -> None:
        for program in (STUBBORN, ORPHAN):
            subprocess.Popen([sys.executable, "-c", program], start_new_session=True)

    def wait_ready(self, timeout_s: float) -> None:
        time.sleep(0.2)

    def stop(self) -> int:
        return 2


class FakeInjector:
    """Breaks nothing, whatever it is told."""

    def __init__(self, *_: Any) -> None:
        self.truth = SimpleNamespace(injected_at=None)

    def inject(self, onset_at: float) -> None:
        self.truth.injected_at = time.time()

    def calm_changes(self, seconds: float) -> None:
        """No changes either."""

    def symptom_at(self) -> float | None:
        return None

    def stop(self) -> None:
        """Nothing to stop."""


def main(words: list[str]) -> None:
    up.COMMAND = (sys.executable, str(Path(__file__).with_name("fake_server.py")))
    stage.Company = FakeCompany  # type: ignore[assignment,misc]
    runner.Injector = FakeInjector  # type: ignore[assignment,misc]
    guard.GRACE_S = 0.5
    story.WHOLE_RUN_S = {False: 3.0, True: 3.0}

    def end(run: Observed) -> None:
        print(json.dumps(report_of(run)), flush=True)

    def outcome(run: Observed, url: str) -> None:
        print("outcome", flush=True)

    teller = runner.Teller(
        view=lambda scene: PlainView(sys.stderr, scene),
        after=lambda scene: PlainView(sys.stderr, scene),
        outcome=outcome,
        end=end,
    )
    runner.run_demo(Options(fault="deploy-latency", once="once" in words), teller)


if __name__ == "__main__":
    main(sys.argv[1:])
