"""What one chose stands in the address: back, reload and a sent link bring it again."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow


def rows_of(page, table):
    return page.get_by_role("table", name=table).locator("tr[data-row]")


def test_a_filter_stays_over_reload_and_back(desk):
    page = desk.page
    desk.open("incidents?view=all")
    rows = page.locator("tr[data-row]")
    every = rows.count()
    assert every
    page.get_by_role("button", name="State").first.click()
    page.get_by_role("checkbox", name=re.compile("closed")).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("closed"))
    expect(rows).not_to_have_count(every)
    desk.settled()
    closed = rows.count()
    assert 0 < closed < every
    page.reload()
    expect(rows).to_have_count(closed)
    page.go_back()
    expect(rows).to_have_count(every)


def test_the_time_range_is_carried_from_page_to_page(desk):
    page = desk.page
    desk.open("delivery")
    page.get_by_role("button", name=re.compile("^Time range")).click()
    page.get_by_role("button", name="last 7 d").click()
    expect(page).to_have_url(re.compile("since=-7d"))
    page.get_by_role("link", name=re.compile("^Reliability")).click()
    expect(page).to_have_url(re.compile(r"/reliability\?since=-7d$"))
    expect(page.get_by_role("button", name="Time range: last 7 d")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Delivery")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/delivery\?since=-7d$"))


def test_the_scope_narrows_every_page(desk):
    page = desk.page
    desk.open("reliability")
    every = page.locator("tr[data-row]").count()
    scope = page.get_by_role("textbox", name=re.compile("^Scope"))
    scope.fill("checkout")
    scope.press("Enter")
    expect(page).to_have_url(re.compile("scope=checkout"))
    desk.settled()
    assert 0 < page.locator("tr[data-row]").count() < every
    page.get_by_role("button", name="Take the scope away").click()
    expect(page.locator("tr[data-row]")).to_have_count(every)


def test_a_search_stays_and_can_be_sent(desk, browser, company):
    page = desk.page
    desk.open("reliability")
    name = page.locator("tr[data-row] a").first.inner_text()
    box = page.get_by_role("searchbox")
    box.fill(name)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\.q="))
    expect(page.locator("tr[data-row]")).to_have_count(1)
    with company.seat(browser) as other:
        other.open(page.url.removeprefix(f"{company.url}/"))
        expect(other.page.get_by_role("searchbox")).to_have_value(name)
        expect(other.page.locator("tr[data-row]")).to_have_count(1)
