"""How a run is shown: a live screen, or lines; then a summary, or one JSON object."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console

from opsweave.demo.feed import feed_of
from opsweave.demo.live import LiveView
from opsweave.demo.observed import Observed
from opsweave.demo.options import Options
from opsweave.demo.plain import PlainView, View
from opsweave.demo.report import report_of
from opsweave.demo.runner import Teller
from opsweave.demo.scene import Scene
from opsweave.demo.summary import summary_of

SayJson = Callable[[Any], None]


def presenter(options: Options, say_json: SayJson | None) -> Teller:
    """``say_json`` prints the report on standard output, where nothing else goes then."""
    console = Console(stderr=say_json is not None, highlight=False)
    live = sys.stderr.isatty() if say_json else sys.stdout.isatty()
    live = live and not console.is_dumb_terminal and "NO_LIVE" not in os.environ

    def view(scene: Scene) -> View:
        return LiveView(console, scene) if live else PlainView(sys.stderr, scene)

    def after(scene: Scene) -> View:
        told = PlainView(sys.stderr, scene)
        told.forget(feed_of(scene.run))
        return told

    def outcome(run: Observed, link: str) -> None:
        if say_json is None:
            console.print(summary_of(report_of(run)))
        if not options.once and options.calm_s is None:
            says = "The company lives on. Watch it in the console (signs in once, for 10 minutes):"
            sys.stderr.write(f"{says}\n  {link}\nCtrl-C ends it.\n")

    def end(run: Observed) -> None:
        if say_json is not None:
            say_json(report_of(run))
        if run.problem:
            sys.stderr.write(f"opsweave demo: {run.problem}\n")
        left = run.processes_left
        sys.stderr.write("no process is left\n" if not left else f"{left} processes are LEFT\n")

    return Teller(view=view, outcome=outcome, after=after, end=end, charts=live)
