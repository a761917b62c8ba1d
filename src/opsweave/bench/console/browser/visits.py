"""Pages opened from nothing: a browser that has just started, with nothing in its cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opsweave.bench.console.browser.chromium import launched
from opsweave.bench.console.browser.measured import OVERVIEW_MS, Timed, timed
from opsweave.bench.console.browser.places import Places
from opsweave.bench.console.browser.seat import seat

if TYPE_CHECKING:
    from playwright.sync_api import BrowserType, Request

SKIP = ("gallery",)
CODE = ("script", "stylesheet")


class Visits:
    """Each visit is a browser of its own."""

    def __init__(self, kind: BrowserType, url: str, session: str) -> None:
        self._kind, self._url, self._session = kind, url, session
        self.weights: dict[str, float] = {}
        """Kilobytes (1,000 bytes) of script and style by address, as transferred."""
        self.elsewhere: list[str] = []

    def took(self, path: str) -> float:
        """Milliseconds from the start of the navigation until the page was complete."""
        with (
            launched(self._kind) as browser,
            seat(browser, self._url, self._session) as tab,
        ):
            asked: list[Request] = []
            tab.page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108
            found = tab.open("" if path == "overview" else path)
            self._weigh(asked)
            self.elsewhere += tab.elsewhere()
        return found

    def _weigh(self, asked: list[Request]) -> None:
        for request in asked:
            if request.resource_type in CODE:
                self.weights[request.url] = request.sizes()["responseBodySize"] / 1e3


def pages(
    visits: Visits, places: Places, rounds: int, tell: Callable[[str], None]
) -> tuple[list[Timed], float]:
    """(every page's times, kilobytes of code for the overview alone)."""
    largest = places.largest()
    first = [path for path in ("overview", largest) if path == largest or path in places.listed()]
    rest = [path for path in places.every() if path not in (*first, *SKIP)]
    found, light = [], 0.0
    for path in [*first, *rest]:
        tell(path)
        took = [visits.took(path) for _ in range(rounds if path in first else min(rounds, 2))]
        light = light or sum(visits.weights.values())
        limit = OVERVIEW_MS if path == "overview" else None
        found.append(timed("page", _called(path, largest), took, limit))
    return found, light


def _called(path: str, largest: str) -> str:
    return f"{path} (the largest)" if path == largest else path
