"""Every page in every look: complete, on its screen, without barriers, from this host alone."""

from __future__ import annotations

import pytest

from opsweave.bench.console.browser.seat import DESK, PHONE

from . import rig

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LOOKS = {
    "light": {"screen": DESK, "theme": "light"},
    "dark": {"screen": DESK, "theme": "dark"},
    "phone": {"screen": PHONE, "theme": "light"},
    "dark phone": {"screen": PHONE, "theme": "dark"},
}
needs_axe = pytest.mark.skipif(
    not rig.AXE.is_file(), reason="axe-core is not there (npm ci in web/ installs it)"
)


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_complete(browser, company, look):
    wrong = []
    with company.seat(browser, **LOOKS[look]) as tab:
        for path in company.places.every():
            tab.open(path)
            heading = tab.page.get_by_role("heading", level=1).inner_text()
            if heading in ("There is no such page", "The page cannot be shown"):
                wrong.append(f"{path}: {heading}")
            if by := rig.sideways(tab):
                wrong.append(f"{path}: {by} pixels wider than the screen")
            if path == "gallery":  # it shows failures on purpose
                continue
            failed = tab.page.locator("[data-state=error]")
            wrong += [f"{path}: {said}" for said in failed.all_inner_texts()]
        assert not tab.elsewhere()
        assert not tab.errors
    assert not wrong, "\n".join(wrong)


@needs_axe
@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_has_barriers(browser, company, look):
    found = {}
    with company.seat(browser, **LOOKS[look]) as tab:
        for path in [*company.places.every(), "nothing/here"]:
            tab.open(path)
            for barrier in rig.barriers(tab):
                found.setdefault(barrier, []).append(path)
    assert not found, "\n".join(f"{one} on {', '.join(where)}" for one, where in found.items())


@needs_axe
def test_signing_in_has_no_barriers(browser, company):
    with company.seat(browser, session="") as tab:
        tab.page.goto(f"{tab.url}/signin")
        tab.page.get_by_role("heading", name="Sign in").wait_for()
        assert rig.barriers(tab) == []
