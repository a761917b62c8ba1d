"""What stands where nothing can be shown: what is missing, and what to do."""

import pytest

from opsweave.bench.console.browser.seat import sign_in

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow


@pytest.fixture
def reader(browser, company):
    """Somebody who may only read."""
    with company.seat(browser, sign_in(company.url, company.token("read"))) as tab:
        yield tab


def test_an_unknown_page_says_so_and_leads_back(desk):
    page = desk.page
    desk.open("nothing/here")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("main").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("There is no such page")


def test_an_unknown_incident_says_so(desk):
    desk.open("incidents/inc-99999")
    expect(desk.page.get_by_role("main")).to_contain_text("no incident inc-99999")
    expect(desk.page.get_by_role("main")).to_contain_text("To do: ")


def test_who_may_only_read_is_told_what_is_missing(reader, company):
    page = reader.page
    reader.open("settings")
    denied = page.locator("[data-state=denied]").first
    expect(denied).to_be_visible()
    expect(denied).to_contain_text("admin")


def test_who_may_only_read_cannot_act(reader, company):
    reader.open(company.places.largest())
    acknowledge = reader.page.get_by_role("button", name="Acknowledge")
    expect(acknowledge).to_have_attribute("aria-disabled", "true")


def test_a_filter_that_leaves_nothing_says_so(desk):
    desk.open("incidents?incidents.q=nosuchthing")
    main = desk.page.get_by_role("main")
    expect(main.locator("[data-state=empty]")).to_be_visible()
    expect(main.get_by_role("searchbox")).to_have_value("nosuchthing")


def test_a_wrong_filter_is_said_where_it_is_written(desk):
    desk.open("explore/logs?q=entity%3A%22x")
    main = desk.page.get_by_role("main")
    expect(main.get_by_role("heading", level=1, name="Logs")).to_be_visible()
    expect(main.get_by_role("alert").first).to_be_visible()
