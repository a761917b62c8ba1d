"""Verdicts against a running server: a door, the loop, the command and the API together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsweave.testing.up import UpProcess, until

pytestmark = pytest.mark.slow
RESOLVED = {"endsAt": "2020-01-01T00:00:00Z"}


class Shift:
    """Who is on call: alerts come through a door, verdicts go out by command or over HTTP."""

    def __init__(self, up: UpProcess) -> None:
        self.up, self._sender = up, up.token("ingest")
        created = up.command(
            "token", "create", "--scope", "read", "--scope", "approve", "--name", "ann"
        )
        self.ann: str = created["token"]
        self._told = 0

    def tell(self, **more: str) -> None:
        labels = {"alertname": "Slow", "service": "cart", "severity": "warning"}
        # The same bytes again within a day are a retry; a tool's own times tell episodes apart.
        self._told += 1
        alerts = [{"labels": labels, "annotations": {"number": str(self._told)}, **more}]
        assert self._post("/api/v2/alerts", alerts, self._sender).status_code == 200

    def judge(self, incident: str, verdict: str, token: str) -> httpx.Response:
        return self._post("/api/v1/labels", {"incident": incident, "verdict": verdict}, token)

    def _post(self, path: str, body: Any, token: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.post(self.up.url + path, json=body, headers=headers, trust_env=False)

    def incidents(self, n: int) -> list[dict[str, Any]]:
        """Once there are ``n``; newest first."""
        found = until(lambda: self.up.get("incidents")["items"], lambda items: len(items) >= n)
        assert len(found) == n
        return list(found)

    def alert(self, status: str) -> None:
        """Wait until the newest episode is."""
        found = until(
            lambda: self.up.get("alerts")["items"], lambda all_: all_[0]["status"] == status
        )
        assert found[0]["status"] == status

    def ticks(self, n: int = 3) -> None:
        """Wait for whole rounds of the loop."""
        last = self.up.get("status")["loop"]["ticks"] + n
        until(lambda: self.up.get("status")["loop"]["ticks"], lambda ticks: ticks >= last)


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    up = UpProcess(tmp_path / "data")
    up.start()
    try:
        yield Shift(up)
    finally:
        up.close()


def test_noise_is_kept_with_who_and_when_and_quiet_from_then_on(shift: Shift) -> None:
    up = shift.up
    for times in (1, 2):
        shift.tell()
        newest = shift.incidents(times)[0]
        said = up.command("label", newest["id"], "noise", "--note", "the backup")
        assert (said["by"], said["verdict"], said["note"]) == ("local owner", "noise", "the backup")
        assert said["at_ns"] > newest["opened_ns"]
        assert up.get(f"incidents/{newest['id']}")["status"] == "closed"
        shift.tell(**RESOLVED)
        shift.alert("resolved")
    shift.tell()
    shift.alert("firing")
    shift.ticks()
    first = shift.incidents(2)[0]
    (noise,) = up.get("priors")["symptoms"].values()
    assert noise == {"right": 0, "wrong": 2, "weight": 0.5, "noise_up_to": "warning"}

    assert shift.judge(first["id"], "right_cause", shift.up.token("ingest")).status_code == 403
    assert shift.judge(first["id"], "right_cause", shift.ann).json()["by"] == "ann"
    assert shift.incidents(3)[0]["status"] != "closed", "somebody contradicted: it is heard again"
    assert [label["by"] for label in up.get("labels")["items"]] == ["ann"] + ["local owner"] * 2
