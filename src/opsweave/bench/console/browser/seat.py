"""Somebody signed in before a screen of one size, and what the pages asked for from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

import httpx

from opsweave.kernel.errors import NeedCredentials
from opsweave.server.console.session import cookie_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]
PATIENCE_MS = 20_000.0
HARMLESS = ("data", "blob", "about", "chrome-error")
"""Schemes that leave nothing."""
SETTLED = """() => {
  const main = document.querySelector('main');
  if (!main || !main.querySelector('h1')) return false;
  const busy = '[role=status][aria-label^="Loading"], [role=status][aria-label$="loading"]';
  if (main.querySelector(busy) || document.querySelector('header [aria-hidden][data-on]'))
    return false;
  return performance.now();
}"""
"""Whether a page has its head and no part that still comes; then how long after navigation."""


class Screen(NamedTuple):
    """In CSS pixels."""

    width: int
    height: int
    phone: bool = False


DESK, PHONE = Screen(1440, 900), Screen(390, 844, phone=True)


class Seat:
    """A tab over the console at ``url``."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.asked: list[str] = []
        """Addresses of every request."""
        self.errors: list[str] = []
        """What the page's own script complained about."""
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.errors.append(said.text) if _complains(said.type, said.text) else None
            ),
        )

    def open(self, path: str = "") -> float:
        """Go there as one who types the address; milliseconds until the page was complete."""
        self.page.goto(f"{self.url}/{path}", wait_until="commit")
        return self.settled()

    def settled(self) -> float:
        """Wait until nothing of the page is still to come; milliseconds since navigation."""
        done = self.page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
        return float(done.json_value())

    def elsewhere(self) -> list[str]:
        """Requests to any other host."""
        own = urlsplit(self.url).netloc
        return [
            address
            for address in self.asked
            if (parts := urlsplit(address)).scheme not in HARMLESS and parts.netloc != own
        ]


def _complains(kind: str, text: str) -> bool:
    # What the server refuses is shown on the page; the browser's own line adds nothing.
    return kind == "error" and not text.startswith("Failed to load resource")


@contextmanager
def seat(
    browser: Browser, url: str, session: str = "", *, screen: Screen = DESK, theme: Theme = "light"
) -> Iterator[Seat]:
    """A profile of its own, closed at the end; ``session`` is what :func:`sign_in` gave."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=theme,
        has_touch=screen.phone,
        is_mobile=screen.phone,
        device_scale_factor=2 if screen.phone else 1,
        locale="en-GB",
        timezone_id="UTC",
    )
    try:
        context.set_default_timeout(PATIENCE_MS)
        if session:
            context.add_cookies([{"name": cookie_of(url), "value": session, "url": url}])
        yield Seat(context.new_page(), url)
    finally:
        context.close()


def cookie_of(url: str) -> str:
    """The name of the session's cookie at a server."""
    return cookie_name(httpx.URL(url).netloc.decode())


def sign_in(url: str, token: str) -> str:
    """The session of a token."""
    answer = httpx.post(
        f"{url}/api/v1/session",
        json={"token": token},
        headers={"origin": url, "x-opsweave": "1"},
        timeout=30,
        trust_env=False,
    )
    session = answer.cookies.get(cookie_of(url))
    if session is None:
        raise NeedCredentials(f"{url} does not sign in with this token: {answer.status_code}")
    return session
