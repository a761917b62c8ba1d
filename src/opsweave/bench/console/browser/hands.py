"""Lists turned, sorted and filtered, and things done, timed from the click to what one sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsweave.bench.console.browser.measured import Timed, timed
from opsweave.bench.console.browser.seat import SETTLED, Seat

if TYPE_CHECKING:
    from playwright.sync_api import Locator

CLICK = """(element) => {
  const rows = () => [...document.querySelectorAll('main [data-row]')].map(
    (row) => row.textContent).join('\\n');
  window.before = rows();
  window.turned = () => rows() !== window.before;
  window.clicked = performance.now();
  element.click();
}"""
TURNED = f"() => window.turned() && ({SETTLED})()"
TOLD = """() => document.querySelector('[aria-label=Notices] [role=status]') && performance.now()"""


def lists(tab: Seat, incident: str) -> list[Timed]:
    """Of all incidents and of the largest one's alerts."""
    found = []
    for name, path, column in (
        ("incidents", "incidents?view=all", "Began"),
        ("alerts of an incident", incident, "Entity"),
    ):
        tab.open(path)
        table = tab.page.locator("[data-kind=table]").filter(has_text=column).first
        for what, button in (
            ("next page", table.get_by_role("button", name="Next")),
            ("sorted", table.get_by_role("columnheader", name=column).get_by_role("button")),
            (
                "sorted the other way",
                table.get_by_role("columnheader", name=column).get_by_role("button"),
            ),
        ):
            if button.count() and button.is_enabled():
                found.append(timed("list", f"{name}: {what}", [_turned(tab, button)]))
    return found


def _turned(tab: Seat, button: Locator) -> float:
    button.evaluate(CLICK)
    done = tab.page.wait_for_function(TURNED)
    return float(done.json_value()) - float(tab.page.evaluate("window.clicked"))


def actions(tab: Seat, incident: str) -> list[Timed]:
    """What one does to an incident; from the last click to the word that it is done."""
    found = []
    for title in ("Acknowledge", "Right cause"):
        tab.open(incident)
        head = tab.page.locator("[data-page-head]")
        button = head.get_by_role("button", name=re.compile(f"^{title}"))
        if not button.count():
            button = tab.page.get_by_role("button", name=re.compile(f"^{title}"))
        button.first.evaluate(CLICK)
        asked = tab.page.get_by_role("dialog").get_by_role("button", name=re.compile(f"^{title}"))
        if _appears(asked):
            asked.evaluate(CLICK)
        done = tab.page.wait_for_function(TOLD)
        took = float(done.json_value()) - float(tab.page.evaluate("window.clicked"))
        found.append(timed("action", title, [took]))
    return found


def _appears(dialog: Locator) -> bool:
    """Whether the console asks back, as it does before some deeds."""
    notice = dialog.page.locator("[aria-label=Notices] [role=status]")
    dialog.or_(notice).first.wait_for()
    return dialog.count() > 0
