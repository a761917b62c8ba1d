"""A real browser before a real server; skipped with a reason where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from opsweave.bench.console.browser.chromium import browser as chromium
from opsweave.bench.console.browser.chromium import missing
from opsweave.bench.console.browser.seat import Seat
from opsweave.server.console.static import Built

from . import rig

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: playwright's event loop must not run where other tests start theirs."""
    reason = missing() or ("" if Built().there() else "the console is not built (pip install .)")
    if reason:
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rig.Company]:
    with rig.company(tmp_path_factory.mktemp("e2e")) as made:
        yield made


@pytest.fixture
def desk(browser: Browser, company: rig.Company) -> Iterator[Seat]:
    """Somebody who may do everything, before a desktop screen in light colours."""
    with company.seat(browser) as tab:
        yield tab
        assert not tab.elsewhere()
        assert not tab.errors
