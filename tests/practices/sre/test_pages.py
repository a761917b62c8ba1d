"""Objectives as pages: counted from spans, past moments too, and honest without data."""

from __future__ import annotations

import msgspec
import pytest
from tests.practices.aiops.signals.rows import CART, T0, at, batch, span

from opsweave.facts import Alert, AlertStatus, Slo
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.kernel.errors import NotThere
from opsweave.pages import Page, PageQuery, State
from opsweave.practices.sre.pages import pages
from opsweave.practices.sre.past import budget_at, history
from opsweave.practices.sre.service import SloService
from opsweave.record.ledger.port import Outcome
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import MemoryTelemetry
from opsweave.record.telemetry.port import Applied

NOW = 1_800.0
SLO = Slo(id="cart-errors", name="cart answers", entity=CART, target=0.9, window_s=600.0)
SILENT = Slo(id="silent", name="nobody asks", entity="service:demo/shop/none")


@pytest.fixture(scope="module")
def telemetry() -> MemoryTelemetry:
    """Two requests a second; from 1,500 s on every fourth fails."""
    rows = [span(n / 2, 10, f"s{n}", error=n >= 3_000 and n % 4 == 0) for n in range(2 * int(NOW))]
    store = MemoryTelemetry()
    applied = Applied(seq=0, door="otlp", outcome=Outcome.STORED)
    store.write([(applied, batch(spans=rows))], recorded_ns=T0)
    return store


class Desk:
    """The pages over one objective with data and one without."""

    def __init__(self, telemetry: MemoryTelemetry, *slos: Slo) -> None:
        self.service = SloService(telemetry, slos)
        self.service.tick(at(NOW))
        self.state = MemoryState()
        self.specs = {s.pattern: s for s in pages(self.service, telemetry, self.state)}

    def page(self, pattern: str, slo: str = "", **raw: str) -> Page:
        now = at(NOW) / MILLISECOND
        query = PageQuery(
            path=pattern, params={"slo": slo}, since_ms=now - 600_000, until_ms=now, now_ms=now,
            raw={k.replace("__", "."): (v,) for k, v in raw.items()}, scope=raw.get("scope", ""),
            relative=False,
        )  # fmt: skip
        return self.specs[pattern].make(query)


@pytest.fixture(scope="module")
def desk(telemetry) -> Desk:
    return Desk(telemetry, SLO, SILENT)


def widget(page: Page, id_: str):
    return next(w for section in page.sections for w in section.widgets if w.id == id_)


def test_a_past_budget_is_counted_from_the_record(telemetry):
    before, after = (budget_at(telemetry, SLO, at(s)) for s in (1_500, NOW))
    assert (before.remaining, before.burn_rate) == (1.0, 0.0)
    # 150 bad of 1,200 where 120 are allowed.
    assert (after.total, after.remaining) == (1_200, -0.25)
    assert after.burn_rate == pytest.approx(2.5, rel=0.1)
    assert after.evidence[0].n == 1_200


def test_without_spans_there_is_no_number(telemetry):
    budget = budget_at(telemetry, SILENT, at(NOW))
    assert (budget.total, budget.remaining, budget.burn_rate) == (None, None, None)


def test_history_is_what_each_moment_would_have_said(telemetry):
    points = history(telemetry, SLO, at(600), at(NOW), points=40)
    assert len(points) in (40, 41)
    for point in points[5::9]:
        end = point.at_ns + 30 * SECOND
        assert point.remaining == pytest.approx(budget_at(telemetry, SLO, end).remaining, abs=0.02)
    assert points[0].burn_rate == 0.0


def test_the_list_has_the_worst_first_and_no_data_last(desk):
    table = widget(desk.page("reliability"), "slos")
    assert [row.id for row in table.rows] == ["cart-errors", "silent"]
    cells = table.rows[1].cells
    assert (cells["left"].value, cells["left"].health) == (None, "unknown")
    assert table.rows[0].cells["attained"].value == pytest.approx(0.875, abs=0.01)
    assert [r.id for r in widget(desk.page("reliability", slos__q="nobody"), "slos").rows] == [
        "silent"
    ]
    scoped = widget(desk.page("reliability", scope="elsewhere"), "slos")
    assert (scoped.state, "None of 2" in scoped.missing) == (State.EMPTY, True)


def test_detail_has_three_tiles_series_rules_and_alerts(desk):
    desk.state.put(
        Alert(
            id="a", fingerprint="f", source="slo", entity=CART, indicator="slo:cart answers",
            status=AlertStatus.FIRING, started_ns=at(1_600),
        )
    )  # fmt: skip
    page = desk.page("reliability/{slo}", "cart-errors")
    assert widget(page, "left").value == -0.25
    assert widget(page, "attained").value == 0.875
    series = widget(page, "budget")
    assert len(series.x_ms) == len(series.lines[0].y)
    assert series.lines[0].y[-1] == pytest.approx(-0.25, abs=0.02)
    assert [row.id for row in widget(page, "alerts").rows] == ["a"]
    states = [row.cells["state"].value for row in widget(page, "rules").rows]
    assert states == ["cannot fire", "quiet"]
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page


def test_an_objective_without_data_says_so_everywhere(desk):
    page = desk.page("reliability/{slo}", "silent")
    for id_ in ("attained", "left", "budget", "burn", "requests", "alerts"):
        assert widget(page, id_).state is State.EMPTY, id_
        assert widget(page, id_).missing
    assert page.health_text == "no data"
    with pytest.raises(NotThere):
        desk.page("reliability/{slo}", "nowhere")


def test_without_objectives_the_page_says_how_to_have_one(telemetry):
    table = widget(Desk(telemetry).page("reliability"), "slos")
    assert (table.state, "slos.yaml" in table.remedy) == (State.EMPTY, True)
