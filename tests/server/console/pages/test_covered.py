"""What senders of alerts wrote is shown to readers as payloads are."""

from __future__ import annotations

import msgspec


def test_secrets_in_alerts_are_covered(rig, small) -> None:
    state, now = rig.assembly.stores.state, rig.assembly.clock.now_ns()
    alert = small.alert("a1", small.CART, started=now)
    labels = {"url": "postgres://u:hunter2@host", "db_password": "hunter2", "team": "shop"}
    state.put(msgspec.structs.replace(alert, says="login with password=hunter2", labels=labels))
    state.put(small.incident("inc-1", now))
    headers = rig.bearer("read")
    answer = rig.client.get("/api/v1/alerts", headers=headers)
    (found,) = answer.json()["items"]
    assert (found["id"], found["entity"], found["started_ns"]) == ("a1", small.CART, now)
    assert found["labels"]["team"] == "shop"
    whole = rig.client.get("/api/v1/incidents/inc-1", headers=headers)
    assert whole.json()["alert_facts"][0]["id"] == "a1"
    assert "hunter2" not in answer.text + whole.text
