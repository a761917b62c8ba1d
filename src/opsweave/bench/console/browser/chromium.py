"""Debian's Chromium without a screen, driven by playwright; both are optional."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from opsweave.kernel.errors import RejectInput

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
VARIABLE = "OPSWEAVE_CHROMIUM"
ARGUMENTS = (
    "--disable-dev-shm-usage",  # containers give it 64 MB
    "--disable-background-networking",
    "--no-first-run",
)


def chromium() -> Path | None:
    """The program: what ``OPSWEAVE_CHROMIUM`` names, or the first on the path."""
    named = os.environ.get(VARIABLE, "")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), "")
    return Path(found) if found else None


def missing() -> str:
    """Why no browser can be driven here; '' when one can."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed (pip install 'opsweave[test]')"
    if chromium() is None:
        return f"no Chromium on the path (apt-get install chromium, or set {VARIABLE})"
    return ""


@contextmanager
def browser() -> Iterator[Browser]:
    """A process of its own, with nothing kept from before. RejectInput when there is none."""
    if reason := missing():
        raise RejectInput(reason, action="install it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, launched(driver.chromium) as started:
        yield started


@contextmanager
def launched(kind: BrowserType) -> Iterator[Browser]:
    """One more, cold, under a driver that runs already."""
    # The sandbox of Chromium does not start for root; the pages are our own.
    alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
    started = kind.launch(executable_path=chromium(), args=[*ARGUMENTS, *alone])
    try:
        yield started
    finally:
        started.close()
