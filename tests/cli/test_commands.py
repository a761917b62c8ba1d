"""Every command on an empty record: an answer, never a traceback; errors are one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opsweave import __version__
from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.server.stores import opened

Run = Callable[..., Any]
LISTS = (
    ("incidents", "list"),
    ("runs", "list"),
    ("approvals", "list"),
    ("alerts",),
    ("changes",),
    ("deployments",),
    ("slos",),
    ("token", "list"),
    ("ledger", "show-unparsed"),
)


@pytest.fixture
def stopped(data: Path) -> Path:
    """A data folder whose server has stopped."""
    with opened(DataFolder(data), SystemClock()) as stores:
        stores.ledger.append(
            door="webhook:ci",
            content_type="application/json",
            body=b'{"type": "built", "password": "hunter2"}',
            received_ns=1,
        )
        stores.ledger.append(
            door="nobody", content_type="text/plain", body=b"token=abc123", received_ns=2
        )
    return data


def test_version(opsweave: Run) -> None:
    said = opsweave("--version")
    assert (said.code, said.out) == (0, f"opsweave {__version__}\n")


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_lists_say_when_there_is_nothing(opsweave: Run, stopped: Path, command: Any) -> None:
    said = opsweave(*command)
    assert said.code == 0, said.err
    assert said.out.strip()
    found = opsweave(*command, "--json")
    assert found.code == 0
    assert found.json["items"] == [] or command == ("token", "list")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (("incidents", "show", "nope"), "nope"),
        (("runs", "show", "nope"), "nope"),
        (("approvals", "approve", "nope", "--yes"), "nope"),
        (("approvals", "reject", "nope", "--plan-hash", "x"), "nope"),
        (("label", "nope", "noise"), "nope"),
        (("query", "delete from points"), "SELECT"),
        (("query", "select"), "sql"),
        (("query", "select * from read_csv('/etc/passwd')"), "sql"),
        (("alerts", "--since", "yesterday"), "since"),
        (("alerts", "--limit", "0"), "--limit"),
        (("token", "create", "--scope", "everything"), "scope"),
        (("token", "create"), "--scope"),
        (("token", "revoke", "nope"), "nope"),
        (("up", "--log-level", "loud"), "--log-level"),
        (("up", "--config", "/does/not/exist"), "config"),
        (("nonsense",), "nonsense"),
        (("status", "--nonsense"), "--nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_line_that_names_it(
    opsweave: Run, stopped: Path, command: Any, names: str
) -> None:
    said = opsweave(*command)
    assert said.code == 2, said.err
    line = said.err.strip().splitlines()[-1]
    assert line.startswith("opsweave: ")
    assert names in line
    assert "Traceback" not in said.err
    assert not said.out


def test_without_a_data_folder(opsweave: Run, data: Path) -> None:
    said = opsweave("incidents", "list")
    assert said.code == 2
    assert "--data" in said.err
    assert not data.exists(), "asking makes nothing"
    assert opsweave("status").code == 3
    assert opsweave("status", "--json").json["status"] == "absent"


def test_the_data_folder_is_the_users_own_by_default(
    opsweave: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPSWEAVE_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert opsweave("token", "create", "--scope", "read", "--json").code == 0
    assert (tmp_path / "xdg" / "opsweave" / "tokens.json").exists()


def test_tokens(opsweave: Run) -> None:
    made = opsweave(
        "token", "create", "--scope", "ingest", "--scope", "read", "--name", "me", "--json"
    )
    assert made.json["token"].startswith("ow_")
    assert made.json["scopes"] == ["ingest", "read"]
    plain = opsweave("token", "create", "--scope", "admin")
    assert plain.out.strip().startswith("ow_"), "only the secret is on standard output"
    listed = opsweave("token", "list", "--json").json["items"]
    assert [item["name"] for item in listed] == ["me", ""]
    assert "token" not in listed[0]
    assert opsweave("token", "revoke", made.json["id"]).code == 0
    assert len(opsweave("token", "list", "--json").json["items"]) == 1


def test_the_ledger_without_a_server(opsweave: Run, stopped: Path) -> None:
    said = opsweave("ledger", "verify", "--json")
    assert said.code == 0
    assert {name: said.json[name] for name in ("received", "pending", "lost", "readable")} == {
        "received": 2,
        "pending": 2,
        "lost": 0,
        "readable": 2,
    }
    assert said.json["damaged"] == []
    assert "no server runs" in said.err
    assert "received" in opsweave("ledger", "verify").out
    replayed = opsweave("ledger", "replay", "--json")
    assert replayed.json == {"tried": 0, "now_stored": 0, "still": []}


def test_damage_fails_verify(opsweave: Run, stopped: Path) -> None:
    segment = next((stopped / "ledger").glob("*.seg"))
    data = bytearray(segment.read_bytes())
    data[60] ^= 0xFF
    segment.write_bytes(data)
    said = opsweave("ledger", "verify", "--json")
    assert said.code == 1
    assert (said.json["readable"], said.json["pending"]) == (1, 2)
    assert said.json["damaged"]
    assert "damaged" in opsweave("ledger", "verify").out


def test_queries(opsweave: Run, stopped: Path) -> None:
    said = opsweave("query", "select 1 as one, 'a' as letter", "--json")
    assert said.json == {"columns": {"one": [1], "letter": ["a"]}, "rows": 1, "truncated": False}
    shown = opsweave("query", "select * from range(5) as t(n)", "--limit", "2")
    assert shown.out.split() == ["n", "0", "1"]
    assert "2 rows" in shown.err
    assert "No rows." in opsweave("query", "select 1 where false").out
