"""Servers, people before screens, and what a page must not have."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from opsweave.bench.console.browser.places import Places
from opsweave.bench.console.browser.seat import Seat, seat, sign_in
from opsweave.bench.console.make import make
from opsweave.bench.console.size import SMALL
from opsweave.kernel.clock import SystemClock
from opsweave.testing.up import UpProcess

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """() => axe.run(document, {
  resultTypes: ['violations'],
  // Experimental: it wants every visible count and second line inside the spoken name.
  rules: {'label-content-name-mismatch': {enabled: false}},
}).then(
  found => found.violations.filter(each => ['serious', 'critical'].includes(each.impact)).flatMap(
    each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`)))
"""
SIGN_IN = re.compile(r"http://\S+/signin\?once=[\w-]+")
START_S = 90.0
END_S = 60.0


class Company:
    """A made-up company, and the console over it."""

    def __init__(self, up: UpProcess) -> None:
        self.url, self._up = up.url, up
        self.session = sign_in(up.url, up.token("admin", "approve"))
        self.places = Places(up.url, self.session)

    def token(self, *scopes: str) -> str:
        return self._up.token(*scopes)

    def seat(
        self, browser: Any, session: str | None = None, **look: Any
    ) -> AbstractContextManager[Seat]:
        """Somebody who may do everything, unless told otherwise."""
        return seat(browser, self.url, self.session if session is None else session, **look)


@contextmanager
def company(folder: Path) -> Iterator[Company]:
    """Of the small size, served until the end."""
    data = folder / "company"
    made = make(data, SMALL, SystemClock())
    up = UpProcess(data, options=("--config", str(made.config)))
    try:
        up.start()
        yield Company(up)
    finally:
        up.close()


class Demo:
    """``opsweave demo`` as a person runs it, and what it prints."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._log = folder / "demo.log"
        command = [sys.executable, "-m", "opsweave.cli", "demo", *words]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(folder / "data"), "--approve", "ask"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def said(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def link(self) -> str:
        """The printed link that signs in once."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            if found := SIGN_IN.search(self.said()):
                return found.group()
            assert self._process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(f"no link was printed\n{self.said()}")

    def end(self) -> None:
        """Ctrl-C; it ends what it started."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(END_S)
            finally:
                self._process.kill()


def barriers(tab: Seat) -> list[str]:
    """What axe finds serious or critical for people who see, hear or move otherwise."""
    # Evaluated, not added as a script: the console's policy allows none but its own.
    if not tab.page.evaluate("typeof axe === 'object'"):
        tab.page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = tab.page.evaluate(RUN_AXE)
    return found


def sideways(tab: Seat) -> int:
    """By how many pixels the page is wider than the screen."""
    # Not innerWidth: a phone zooms out until the whole of a page that is too wide fits.
    root = "document.documentElement"
    wide: int = tab.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    return max(0, wide)
