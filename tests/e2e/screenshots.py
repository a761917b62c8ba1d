"""Pictures of the console for the docs: ``python tests/e2e/screenshots.py --out FOLDER``.

Serves a made-up company of the usual size, or looks at the server that ``--url`` and ``--token``
name (the demo's, for incidents with a plan and traces with many spans). ``--every`` takes all pages
in light, dark and phone instead of the chosen ones. With ``pngquant`` on the path they get small.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from opsweave.bench.console.browser.chromium import browser
from opsweave.bench.console.browser.places import Places
from opsweave.bench.console.browser.seat import DESK, PHONE, Seat, seat, sign_in
from opsweave.bench.console.browser.served import served
from opsweave.bench.console.make import make
from opsweave.bench.console.size import USUAL
from opsweave.kernel.clock import SystemClock

LOOKS = {
    "light": {"screen": DESK, "theme": "light"},
    "dark": {"screen": DESK, "theme": "dark"},
    "phone": {"screen": PHONE, "theme": "light"},
    "phone-dark": {"screen": PHONE, "theme": "dark"},
}
MOST_BYTES = 150_000
Before = Callable[[Seat], None]


class Shot(NamedTuple):
    """A picture: ``path`` may be ``{incident}``, ``{trace}``, ``{slo}`` or ``{run}``."""

    name: str
    path: str
    look: str
    before: Before = lambda tab: None


def to(section: str) -> Before:
    """Scrolls until the section stands below the bar."""

    def scroll(tab: Seat) -> None:
        tab.page.get_by_role("region", name=section, exact=True).first.evaluate(
            "(element) => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 64)"
        )

    return scroll


def proof(tab: Seat) -> None:
    """Opens the evidence of the first cause."""
    cause = tab.page.get_by_role("button", name=re.compile("^Cause 1: "))
    item = tab.page.get_by_role("listitem").filter(has=cause).first
    item.get_by_role("list").get_by_role("button").first.click()
    tab.page.get_by_role("dialog", name=re.compile("^Proof: ")).get_by_text(
        "found"
    ).first.wait_for()


def palette(tab: Seat) -> None:
    """Finds something."""
    tab.page.keyboard.press("/")
    tab.page.get_by_role("combobox").and_(tab.page.locator(":focus")).wait_for()
    tab.page.keyboard.type("gate")
    found = tab.page.get_by_role("listbox", name="Found").get_by_role("option")
    found.nth(3).wait_for()


CHOSEN = (
    Shot("overview", "", "light"),
    Shot("overview-dark", "", "dark"),
    Shot("overview-phone", "", "phone"),
    Shot("incidents", "incidents", "light"),
    Shot("incident", "{incident}", "light"),
    Shot("incident-phone", "{incident}", "phone-dark"),
    Shot("incident-why-dark", "{incident}", "dark", to("Why")),
    Shot("incident-proof", "{incident}", "light", proof),
    Shot("incident-timeline", "{incident}", "light", to("Timeline")),
    Shot("incident-recovery-dark", "{incident}", "dark", to("Recovery")),
    Shot("map", "map", "light"),
    Shot("metrics-dark", "explore/metrics?metric=queue.length", "dark"),
    Shot("logs", "explore/logs", "light"),
    Shot("trace", "{trace}", "light"),
    Shot("reliability", "{slo}", "light"),
    Shot("delivery", "delivery?since=-7d", "light"),
    Shot("palette", "incidents", "light", palette),
)


def taken(url: str, session: str, shots: list[Shot], out: Path) -> Iterator[Path]:
    """Each picture once it is written."""
    places = Places(url, session)
    every = places.every()
    first = {
        name: next((path for path in every if path.startswith(start)), "")
        for name, start in (
            ("trace", "explore/traces/"),
            ("slo", "reliability/"),
            ("run", "recovery/runs/"),
        )
    }
    named = {**first, "incident": places.largest()}
    with browser() as started:
        for shot in shots:
            with seat(started, url, session, **LOOKS[shot.look]) as tab:
                tab.open(shot.path.format(**named))
                shot.before(tab)
                tab.page.mouse.move(1, 1)
                tab.settled()
                path = out / f"{shot.name}.png"
                tab.page.screenshot(path=path, animations="disabled")
            small(path)
            yield path


def small(path: Path) -> None:
    """Fewer colours, where the program for it is there."""
    if program := shutil.which("pngquant"):
        words = ["--force", "--skip-if-larger", "--strip", "--speed", "1", "--output", str(path)]
        subprocess.run([program, *words, "--quality", "60-95", str(path)], check=False)


def every_page(url: str, session: str) -> list[Shot]:
    """All of them, in three looks."""
    return [
        Shot(f"{look}-{re.sub('[^a-z0-9-]+', '_', path.lower())[:60] or 'overview'}", path, look)
        for path in Places(url, session).every()
        for look in ("light", "dark", "phone")
    ]


@contextmanager
def server(url: str, token: str) -> Iterator[tuple[str, str]]:
    """(address, session) of the one named, or of one that lives as long as it is needed."""
    if url:
        yield url, sign_in(url, token)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "company"
        make(root, USUAL, SystemClock())
        with served(root) as (address, session, _):
            yield address, session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--url", default="")
    parser.add_argument("--token", default="", help="a secret with the scope admin")
    parser.add_argument("--only", default="", help="names of pictures, with commas between them")
    parser.add_argument("--every", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with server(options.url, options.token) as (url, session):
        shots = every_page(url, session) if options.every else list(CHOSEN)
        names = set(filter(None, options.only.split(",")))
        shots = [shot for shot in shots if not names or shot.name in names]
        for path in taken(url, session, shots, options.out):
            size = path.stat().st_size
            print(f"{path} {size:,} bytes{' TOO LARGE' if size > MOST_BYTES else ''}", flush=True)


if __name__ == "__main__":
    main()
