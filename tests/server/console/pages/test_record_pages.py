"""What arrives, what could not be used, and the settings."""

from __future__ import annotations

import msgspec

from opsweave.kernel.clock import ManualClock
from opsweave.server.auth import Scope
from opsweave.server.console.meter import Meter
from opsweave.server.console.senders import MOST, Senders

OURS = {"origin": "http://localhost.local", "x-opsweave": "1"}


def send(rig, console) -> None:
    headers = {**rig.bearer("ingest"), "content-type": "application/json"}
    for body in (b'{"type": "build.done"}', b"not json"):
        assert rig.client.post("/webhooks/ci", content=body, headers=headers).status_code < 300
    while rig.assembly.pump.step():
        pass


def test_doors_and_senders(rig, console) -> None:
    rows = {row.id: row for row in console.widget("record", "doors").rows}
    assert rows["webhook"].cells["payloads"].value is None, "no data is no zero"
    assert console.widget("record", "senders").state == "empty"
    send(rig, console)
    doors = console.widget("record", "doors")
    first = doors.rows[0]
    assert (first.id, first.cells["payloads"].value, first.cells["wrong"].value) == (
        "webhook:ci",
        2,
        1,
    )
    assert first.cells["wrong"].to == "record/unparsed?door=webhook%3Aci"
    (sender,) = console.widget("record", "senders").rows
    assert (sender.cells["who"].value, sender.cells["payloads"].value) == ("somebody", 2)
    assert console.widget("record", "count-generic").value == 1
    assert console.widget("record", "count-lost").value == 0


def test_who_sends_is_told_to_admins_alone(rig, console) -> None:
    send(rig, console)
    send(rig, console)
    assert {token.id for token in rig.assembly.tokens.tokens()} & {
        row.id.partition("|")[0] for row in console.widget("record", "senders").rows
    }
    page = console.page("record", frozenset({Scope.READ}))
    (table,) = (w for s in page.sections for w in s.widgets if w.id == "senders")
    (row,) = table.rows
    assert (row.id, row.cells["payloads"].value) == ("webhook:ci", 4)
    said = str(msgspec.to_builtins(page))
    assert "somebody" not in said
    assert not any(token.id in said for token in rig.assembly.tokens.tokens())


def test_what_could_not_be_used_is_shown_and_replayed(rig, console) -> None:
    assert "could be used" in console.widget("record/unparsed", "unparsed").missing
    send(rig, console)
    table = console.widget("record/unparsed", "unparsed")
    (row,) = table.rows
    assert row.cells["begins"].value == "not json"
    assert table.facets[0].values[0].n == 1
    assert console.widget("record/unparsed", "unparsed", door="other").state == "empty"
    action = table.actions[0]
    rig.sign_in("admin")
    answer = rig.client.post(f"/api/v1/{action.path}", json={"ids": [row.id]}, headers=OURS)
    assert answer.json()["tried"] == 1
    wrong = rig.client.post(f"/api/v1/{action.path}", json={"ids": ["x"]}, headers=OURS)
    assert wrong.status_code == 400


def test_unparsed_payloads_are_not_for_everybody(console) -> None:
    page = console.page("record/unparsed", frozenset({Scope.READ}))
    (note,) = page.sections[0].widgets
    assert note.state == "denied" and "admin" in note.missing


def test_tokens_are_made_and_revoked(rig, console) -> None:
    rig.sign_in("admin")
    form = console.widget("settings", "create")
    path = f"/api/v1/{form.submit.path}"
    body = {"name": "collector", "scopes": ["ingest"]}
    made = rig.client.post(path, json=body, headers=OURS)
    assert made.status_code == 201
    assert made.json()["token"].startswith("ow_")
    for wrong in ({"name": "", "scopes": ["read"]}, {"name": "x", "scopes": ["fly"]}):
        assert rig.client.post(path, json=wrong, headers=OURS).status_code == 400
    listed = rig.client.get("/api/v1/tokens").json()["items"]
    assert "collector" in {item["name"] for item in listed}
    assert "sha256" not in str(listed)
    table = console.widget("settings", "tokens")
    row = next(row for row in table.rows if row.cells["name"].value == "collector")
    action = table.actions[0]
    target = f"/api/v1/{action.path.replace('{id}', row.id)}"
    assert rig.client.request(action.method, target, headers=OURS).status_code == 204
    assert rig.client.request(action.method, target, headers=OURS).status_code == 404
    verbs = [entry.verb for entry in rig.assembly.stores.state.audit_trail()]
    assert verbs == ["token revoke", "token create"]


def test_settings_say_plainly_what_is_not_there(console) -> None:
    page = console.page("settings", frozenset({Scope.READ}))
    widgets = {w.id: w for section in page.sections for w in section.widgets}
    assert widgets["tokens"].state == "denied"
    assert "Nobody is notified yet" in widgets["channels"].missing
    assert '"approval"' in widgets["policy"].code
    kept = {row.id: row.cells for row in widgets["retention"].rows}
    assert kept["points"]["age"].value == 7 * 86_400
    assert kept["applied"]["age"].value == 30 * 86_400


def test_a_rate_needs_a_whole_minute() -> None:
    clock = ManualClock()
    meter = Meter(clock)
    meter.add(100)
    assert meter.rate() is None
    for _ in range(7):
        clock.advance(10)
        meter.add(50)
    assert meter.rate() == 5.0
    assert meter.trend(8)[0] is None
    clock.advance(3600)
    assert meter.rate() == 0.0


def test_senders_are_bounded(rig, console) -> None:
    send(rig, console)
    (record, *_) = rig.assembly.stores.ledger.read(0, limit=1)
    import msgspec

    senders = Senders()
    for number in range(MOST + 5):
        senders.add(msgspec.structs.replace(record, token=f"tok-{number}"), 1)
    found = senders.all()
    assert len(found) == MOST + 1
    assert sum(one.payloads for one in found) == MOST + 5
