"""Everything without a pointer."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow


def focused_row(page):
    return page.locator("tr[data-row]:focus")


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_the_palette_goes_anywhere(desk, keys):
    page = desk.page
    desk.open("incidents")
    page.keyboard.press(keys)
    box = page.get_by_role("combobox", name=re.compile("^Search"))
    expect(box).to_be_focused()
    page.keyboard.type("reliab")
    found = page.get_by_role("listbox", name="Found").get_by_role("option")
    expect(found.first).to_contain_text("Reliability")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Reliability")).to_be_focused()


def test_the_palette_finds_an_entity(desk):
    page = desk.page
    desk.open("delivery")
    page.keyboard.press("/")
    page.keyboard.type("gate-5")
    option = page.get_by_role("option").filter(has_text="gate-5").first
    expect(option).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Found")).to_be_hidden()


def test_the_sheet_of_keys(desk):
    page = desk.page
    desk.open("incidents")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("next row")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_rows_are_walked_and_opened(desk):
    page = desk.page
    desk.open("incidents?view=all")
    rows = page.get_by_role("table").locator("tr[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("status").filter(has_text="1 chosen")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/incidents/inc-\d+"))
    desk.settled()


def test_go_to_keys(desk, company):
    page = desk.page
    desk.open("incidents")
    desk.settled()
    keyed = [item for item in company.places.get("pages")["items"] if item["key"]]
    assert keyed
    for item in keyed[:4]:
        page.keyboard.press("g")
        page.keyboard.press(item["key"].removeprefix("g "))
        expect(page).to_have_title(re.compile(re.escape(item["title"])))
        desk.settled()


def test_keys_are_letters_where_one_types(desk):
    page = desk.page
    desk.open("incidents")
    scope = page.get_by_role("textbox", name=re.compile("^Scope"))
    scope.focus()
    page.keyboard.type("j?k")
    expect(scope).to_have_value("j?k")
    expect(page.get_by_role("dialog")).to_have_count(0)
