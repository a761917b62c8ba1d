"""The demo's whole story, as the one who is on call sees it: from the fault to the review."""

from __future__ import annotations

import re

import pytest

from opsweave.bench.console.browser.seat import PHONE, seat

from . import rig

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.timeout(540)]
FAULT, SEED = "deploy-latency", "11"
SOON, LONG = 30_000, 300_000
"""Milliseconds to wait: for the console, and for the company and Opsweave's loop."""


@pytest.fixture
def demo(browser, tmp_path):
    running = rig.Demo(tmp_path, "--fault", FAULT, "--seed", SEED)
    yield running
    running.end()


def part(page, title):
    """A section of the page, by its heading."""
    return page.get_by_role("region", name=title, exact=True).first


def signs_in(tab, link):
    tab.page.goto(link)
    expect(tab.page.get_by_role("navigation", name="Pages")).to_be_visible(timeout=SOON)
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible(timeout=SOON)
    tab.settled()


def sees_the_incident(tab):
    """It appears by itself; nobody loads the page again."""
    page = tab.page
    page.get_by_role("link", name=re.compile("^Incidents")).first.click()
    row = page.get_by_role("table", name="incidents").locator("tr[data-row]").first
    expect(row).to_be_visible(timeout=LONG)
    row.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/incidents/inc-"), timeout=SOON)
    tab.settled()


def understands_it(tab):
    page = tab.page
    first = page.get_by_role("button", name=re.compile("^Cause 1: "))
    expect(first).to_be_visible(timeout=LONG)
    if first.get_attribute("aria-expanded") == "false":
        first.click()
    why = part(page, "Why").get_by_role("listitem").filter(has=first).first
    expect(why).to_contain_text("Why this score")
    why.get_by_role("list").get_by_role("button").first.click()
    drawer = page.get_by_role("dialog", name=re.compile("^Proof: "))
    expect(drawer).to_contain_text("found", timeout=SOON)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(part(page, "Timeline")).to_contain_text("Alerts")
    expect(part(page, "Timeline")).to_contain_text("Deployments")
    part(page, "Map").get_by_role("button", name="Show as table").click()
    expect(part(page, "Map").get_by_role("table")).to_be_visible()


def approves(tab):
    page = tab.page
    approve = page.get_by_role("button", name=re.compile("^Approve ")).first
    expect(approve).to_be_visible(timeout=LONG)
    name = approve.inner_text()
    approve.click()
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_contain_text("Do it now")
    dialog.get_by_role("textbox", name="Reason").fill("the change fits the onset")
    dialog.get_by_role("button", name=name).click()
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text(f"{name}: done", timeout=SOON)


def is_recovered(tab):
    recovery = part(tab.page, "Recovery")
    expect(recovery).to_contain_text("succeeded", timeout=LONG)
    expect(recovery).to_contain_text(re.compile(r"Verification\s*holds"), timeout=LONG)
    tab.page.keyboard.press("r")  # what came while the pointer lay on it waits for this
    head = tab.page.locator("[data-page-head]")
    expect(head).to_contain_text("Recovered", timeout=SOON)


def judges(tab):
    page = tab.page
    part(page, "Verdicts").scroll_into_view_if_needed()
    page.keyboard.press("y")
    confirm = page.get_by_role("dialog").get_by_role("button", name="Right cause")
    told = page.get_by_role("region", name="Notices").get_by_text("Right cause: done")
    expect(confirm.or_(told).first).to_be_visible(timeout=SOON)
    if confirm.is_visible():
        confirm.click()
    expect(part(page, "Verdicts").get_by_role("table")).to_contain_text("right cause", timeout=SOON)


def reads_the_review(tab):
    page = tab.page
    page.locator("summary").filter(has_text="Review").click()
    draft = page.locator("details").filter(has_text="Review")
    expect(draft).to_contain_text("# Review: ")
    expect(draft).to_contain_text("approved by")
    expect(draft).to_contain_text("judged: right cause", timeout=SOON)


def test_from_the_fault_to_the_review(browser, demo):
    link = demo.link()
    with seat(browser, link.partition("/signin")[0]) as tab:
        signs_in(tab, link)
        sees_the_incident(tab)
        understands_it(tab)
        approves(tab)
        is_recovered(tab)
        judges(tab)
        reads_the_review(tab)
        assert not tab.elsewhere()
        assert not tab.errors
        looks_from_a_phone(browser, tab)


def looks_from_a_phone(browser, tab):
    """The same incident in the dark, from a bed."""
    [cookie] = [one for one in tab.page.context.cookies() if one["name"].startswith("ow_session")]
    with seat(browser, tab.url, cookie["value"], screen=PHONE, theme="dark") as phone:
        phone.open(tab.page.url.removeprefix(f"{tab.url}/"))
        bar = phone.page.get_by_role("navigation", name="Main pages")
        expect(bar).to_be_visible()
        expect(part(phone.page, "Verdicts")).to_contain_text("right cause")
        assert rig.sideways(phone) == 0
        bar.get_by_role("button", name="More").click()
        phone.page.get_by_role("dialog").get_by_role("link", name=re.compile("^Delivery")).click()
        expect(phone.page.get_by_role("heading", level=1, name="Delivery")).to_be_visible()
        phone.settled()
        assert rig.sideways(phone) == 0
