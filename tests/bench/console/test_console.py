"""The made-up company is the same each time, and everything of the console answers over it."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.bench.console.asked import api
from opsweave.bench.console.company import company
from opsweave.bench.console.history import facts, stories
from opsweave.bench.console.make import make
from opsweave.bench.console.page import Report, told, write
from opsweave.bench.console.run import run
from opsweave.bench.console.size import BIG, SMALL, USUAL
from opsweave.bench.console.telemetry import batches
from opsweave.bench.console.timing import Timed, first_incident
from opsweave.facts import Alert, AlertStatus, Incident, IncidentStatus
from opsweave.kernel.clock import SECOND, ManualClock, SystemClock
from opsweave.kernel.errors import RejectInput

NOW = 1_800_000_000 * SECOND


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = tmp_path_factory.mktemp("bench") / "made"
    return run(root, SMALL, SystemClock(), lambda _title, _done, _total: None, rounds=1)


def test_the_company_is_the_same_each_time():
    one, other = (list(facts(SMALL, company(SMALL), NOW)) for _ in range(2))
    assert one == other
    rows = [
        [msgspec.json.encode(b.tables, enc_hook=lambda a: a.tolist()) for b in made]
        for made in (batches(SMALL, company(SMALL), set(), NOW) for _ in range(2))
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("size", [SMALL, USUAL])
def test_it_has_what_its_size_says(size):
    made = list(facts(size, company(size), NOW))
    incidents = [fact for fact in made if isinstance(fact, Incident)]
    firing = [f for f in made if isinstance(f, Alert) and f.status is AlertStatus.FIRING]
    live = [i for i in incidents if i.status is not IncidentStatus.CLOSED]
    assert (len(incidents), len(live)) == (size.incidents, size.live)
    assert len(firing) == pytest.approx(size.open_alerts, rel=0.05)
    ids = [fact.id for fact in made]
    assert len(ids) == len(set(ids))
    assert all(fact.started_ns <= NOW for fact in incidents)


def test_the_big_one_has_ten_thousand_alerts_in_one_incident():
    first, *rest = stories(BIG, company(BIG), NOW)
    assert (first.alerts, len(rest)) == (10_000, 4_999)


def test_every_page_list_and_action_answers(report):
    names = {one.name for one in report.timed}
    kinds = {one.kind for one in report.timed}
    assert kinds == {"page", "list", "action"}
    assert {"incidents", "recovery", "delivery", "reliability"} <= names
    assert {"alerts of the first incident", "approve a plan", "right cause"} <= names
    assert all(one.median_ms > 0 for one in report.timed)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(RejectInput, match="not empty"):
        make(tmp_path, SMALL, ManualClock(NOW))


def test_no_page_of_the_company_is_empty_where_it_has_something(tmp_path):
    root, clock = tmp_path / "made", SystemClock()
    make(root, SMALL, clock)
    with api(root, clock) as asked:
        page = asked.get(f"pages/incidents/{first_incident(asked)}").body
        slos = asked.get("pages/reliability").body
    states = {w["id"]: w.get("state", "ok") for s in page["sections"] for w in s["widgets"]}
    for id_ in ("causes", "timeline", "map", "symptom-0", "alerts", "similar", "review"):
        assert states[id_] == "ok", id_
    rows = slos["sections"][0]["widgets"][0]["rows"]
    assert all(row["cells"]["left"]["value"] is not None for row in rows)


def test_what_was_measured_is_written_beside_other_sizes(report, tmp_path):
    write(report, tmp_path)
    other = msgspec.structs.replace(report, size=BIG)
    write(other, tmp_path)
    text = (tmp_path / "console.md").read_text("utf-8")
    assert text.index("## Small") < text.index("## Big")
    assert "10,000 alerts" in text
    late = Timed(
        kind="list", name="late", n=1, first_ms=9, median_ms=9, most_ms=400, cpu_ms=9, kilobytes=1,
        limit_ms=300,
    )  # fmt: skip
    slow = msgspec.structs.replace(late, name="slow", cpu_ms=350)
    text = told([msgspec.structs.replace(report, timed=[late, slow])])
    assert "300, late, busy machine" in text
    assert "300, **over**" in text
    assert "Of 2, 0 were within their limit every time by the clock, 1 by" in text
