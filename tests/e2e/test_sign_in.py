"""Signing in by a link or a token, and out again."""

import re

import httpx
import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow


@pytest.fixture
def stranger(browser, company):
    with company.seat(browser, session="") as tab:
        yield tab


def link(company):
    token = company.token("admin")
    answer = httpx.post(
        f"{company.url}/api/v1/session/codes", headers={"authorization": f"Bearer {token}"}
    )
    return company.url + answer.raise_for_status().json()["path"]


def test_a_link_signs_in_once(stranger, company):
    page, address = stranger.page, link(company)
    page.goto(address)
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    assert "once=" not in page.url
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("To do")


def test_a_token_signs_in_and_one_goes_on_where_one_was(stranger, company):
    page = stranger.page
    page.goto(f"{company.url}/delivery?since=-7d")
    page.get_by_label("Token").fill(company.token("read"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Delivery")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/delivery\?since=-7d$"))


def test_a_wrong_token_is_said(stranger, company):
    page = stranger.page
    page.goto(f"{company.url}/signin")
    page.get_by_label("Token").fill("ow_nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Token")).to_be_editable()
