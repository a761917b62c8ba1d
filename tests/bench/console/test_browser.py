"""What is written of a measurement in the browser; the measurement itself is an end-to-end test."""

import msgspec
import pytest

from opsweave.bench.console.browser import chromium
from opsweave.bench.console.browser.measured import Report, Smooth, timed
from opsweave.bench.console.browser.seat import Seat
from opsweave.bench.console.browser.told import told, write
from opsweave.bench.console.size import BIG, USUAL
from opsweave.kernel.errors import RejectInput


def report(**changes):
    smooth = Smooth(
        name="overview", seconds=10.0, per_second=59.9, p95_ms=17.0, worst_ms=40.0, news=9
    )
    kept = {
        "at": "2026-01-01T00:00:00Z",
        "machine": {"cpu": "a processor", "cores": 2, "commit": "abc", "changed": False},
        "load": (0.3, 1.2),
        "browser": "150.0",
        "size": USUAL,
        "timed": [timed("page", "overview", [1600.0, 900.0, 1000.0], 1500.0)],
        "smooth": [smooth],
        "overview_kb": 210.4,
        "whole_kb": 280.0,
        "elsewhere": [],
    }
    return Report(**{**kept, **changes})


def test_the_usual_time_decides_and_the_first_is_told():
    one = timed("list", "all", [500.0, 200.0, 250.0])
    assert (one.first_ms, one.median_ms, one.most_ms, one.kept) == (500.0, 250.0, 500.0, True)
    assert not timed("list", "all", [500.0, 400.0]).kept


def test_the_page_names_what_misses():
    page = told([report(timed=[timed("list", "slow", [900.0])], elsewhere=["http://x/"])])
    assert "| slow | 900 | 900 | 900 | 1 | **missed: 300** |" in page
    assert "| requests to other hosts | 1 | **missed: 0** |" in page
    assert "a processor" in page
    assert "commit abc" in page


def test_a_run_of_another_size_is_kept(tmp_path):
    write(report(size=BIG), tmp_path)
    write(report(), tmp_path)
    data, page = write(report(overview_kb=1.0), tmp_path)
    kept = msgspec.json.decode(data.read_bytes(), type=list[Report])
    assert [one.size.name for one in kept] == ["usual", "big"]
    assert kept[0].overview_kb == 1.0
    assert page.read_text().index("## Usual") < page.read_text().index("## Big")


def test_without_a_browser_it_says_what_to_install(monkeypatch):
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RejectInput, match="install"), chromium.browser():
        pass


class Tab:
    """A page that hears what it is told to listen to."""

    def __init__(self):
        self.heard = {}

    def on(self, event, listener):
        self.heard[event] = listener


def test_requests_to_other_hosts_are_seen():
    tab = Tab()
    seat = Seat(tab, "http://127.0.0.1:7100")
    for address in ("http://127.0.0.1:7100/a", "data:x", "https://elsewhere.test/font.woff2"):
        tab.heard["request"](type("Request", (), {"url": address}))
    assert seat.elsewhere() == ["https://elsewhere.test/font.woff2"]
