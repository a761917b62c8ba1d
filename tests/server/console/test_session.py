"""Signing in by token or by a link that works once; a cookie is not enough to change anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.facts import Incident
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RetryLater
from opsweave.server.console.session import (
    CODE_S,
    CODES_EACH,
    MOST_CODES,
    MOST_SESSIONS,
    SESSION_S,
    SESSIONS_EACH,
    Codes,
    Sessions,
)

OURS = {"origin": "http://localhost.local", "x-opsweave": "1"}


def test_a_token_signs_in_and_out(rig) -> None:
    told = rig.sign_in("read", "approve")
    assert (told["name"], told["scopes"]) == ("somebody", ["approve", "read"])
    assert told["expires_ms"] > 1e12
    assert rig.client.get("/api/v1/session").json() == told
    assert rig.client.get("/api/v1/incidents").status_code == 200, "the whole API takes the cookie"
    assert rig.client.delete("/api/v1/session", headers=OURS).status_code == 204
    assert rig.client.get("/api/v1/session").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(rig) -> None:
    answer = rig.client.post("/api/v1/session", json={"token": rig.token("read")})
    cookie = answer.headers["set-cookie"].lower()
    for part in ("ow_session=", "httponly", "samesite=strict", "path=/", "max-age="):
        assert part in cookie
    assert "secure" not in cookie
    behind_tls = rig.client.post(
        "/api/v1/session", json={"token": rig.token("read")}, headers={"x-forwarded-proto": "https"}
    )
    assert "secure" in behind_tls.headers["set-cookie"].lower()


def test_servers_on_two_ports_do_not_sign_each_other_out(rig) -> None:
    here, there = ({"host": f"localhost:{port}"} for port in (7100, 7200))
    for headers in (here, there):
        body = {"token": rig.token("read", name=headers["host"])}
        rig.client.post("/api/v1/session", json=body, headers=headers)
    for headers in (here, there):
        told = rig.client.get("/api/v1/session", headers=headers).json()
        assert told["name"] == headers["host"]
    assert rig.client.get("/api/v1/session").status_code == 401
    assert rig.client.delete("/api/v1/session", headers=OURS | here).status_code == 204
    left = [rig.client.get("/api/v1/session", headers=h).status_code for h in (here, there)]
    assert left == [401, 200]


@pytest.mark.parametrize("body", [{"token": "ow_wrong"}, {"once": "wrong"}, {}])
def test_what_is_wrong_signs_nobody_in(rig, body) -> None:
    answer = rig.client.post("/api/v1/session", json=body)
    assert answer.status_code == 401
    assert answer.json()["error"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_any_page_could_send_signs_nobody_in(rig, media) -> None:
    body = b'{"token": "%s"}' % rig.token("read").encode()
    headers = {"origin": "http://localhost:3000", "content-type": media}
    answer = rig.client.post("/api/v1/session", content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (400, "content-type")
    assert "set-cookie" not in answer.headers
    headers["content-type"] = "application/json; charset=utf-8"
    assert rig.client.post("/api/v1/session", content=body, headers=headers).status_code == 200


def test_changes_by_cookie_need_our_own_page(rig) -> None:
    rig.sign_in("read", "approve")
    body = {"incident": "inc-0", "verdict": "noise"}
    for headers in ({}, {"origin": OURS["origin"]}, {"x-opsweave": "1"}):
        answer = rig.client.post("/api/v1/labels", json=body, headers=headers)
        assert answer.status_code == 403, headers
    assert rig.client.delete("/api/v1/session").status_code == 403
    answer = rig.client.post("/api/v1/labels", json=body, headers=OURS)
    assert answer.status_code == 400, "let through; there is no such incident"


def test_doors_do_not_take_the_cookie(rig) -> None:
    rig.sign_in("ingest", "read")
    answer = rig.client.post("/webhooks/ci", json={}, headers=OURS)
    assert answer.status_code == 401


def test_revoking_a_token_ends_its_sessions(rig) -> None:
    rig.sign_in("read")
    (token,) = rig.assembly.tokens.tokens()
    rig.assembly.tokens.revoke(token.id)
    assert rig.client.get("/api/v1/incidents").status_code == 401


def test_a_link_signs_in_once_with_the_rights_of_who_made_it(rig) -> None:
    made = rig.client.post("/api/v1/session/codes", headers=rig.bearer("read")).json()
    assert made["path"] == f"/signin?once={made['code']}"
    once = rig.client.post("/api/v1/session", json={"once": made["code"]})
    assert once.json()["scopes"] == ["read"]
    assert rig.client.post("/api/v1/session", json={"once": made["code"]}).status_code == 401


def test_codes_grow_old_and_few() -> None:
    clock = ManualClock()
    codes = Codes(clock)
    old, _ = codes.issue("tok-1")
    clock.advance(CODE_S)
    assert codes.redeem(old) is None
    first, _ = codes.issue("tok-1")
    other, _ = codes.issue("tok-2")
    for _ in range(CODES_EACH):
        last, _ = codes.issue("tok-1")
    assert codes.redeem(first) is None
    assert (codes.redeem(last), codes.redeem(other)) == ("tok-1", "tok-2")


def test_codes_of_one_token_end_no_other_tokens() -> None:
    clock = ManualClock()
    codes = Codes(clock)
    mine, _ = codes.issue("tok-1")
    for n in range(1, MOST_CODES):
        codes.issue(f"tok-many-{n}")
    with pytest.raises(RetryLater):
        codes.issue("tok-late")
    assert codes.redeem(mine) == "tok-1"
    clock.advance(CODE_S)
    assert codes.issue("tok-late"), "codes that are too old hold no place"


def test_sessions_of_one_token_end_no_other_tokens() -> None:
    sessions = Sessions(ManualClock())
    mine, _ = sessions.begin("tok-1")
    made = [sessions.begin("tok-2")[0] for _ in range(SESSIONS_EACH + 1)]
    assert sessions.get(mine) is not None
    assert [sessions.get(secret) is not None for secret in (made[0], made[1])] == [False, True]


def test_too_many_sessions_of_all_refuse_the_new_one() -> None:
    revoked: set[str] = set()
    sessions = Sessions(ManualClock(), valid=lambda token: token not in revoked)
    mine, _ = sessions.begin("tok-0")
    for n in range(1, MOST_SESSIONS):
        sessions.begin(f"tok-{n // SESSIONS_EACH}")
    with pytest.raises(RetryLater):
        sessions.begin("tok-late")
    assert sessions.get(mine) is not None
    revoked.add("tok-1")
    assert sessions.begin("tok-late"), "sessions of a revoked token hold no place"


def test_who_cannot_read_is_not_signed_in(rig) -> None:
    answer = rig.client.post("/api/v1/session", json={"token": rig.token("ingest")})
    assert (answer.status_code, answer.json()["error"]) == (
        403,
        "this token cannot read: use one with the scope read or admin",
    )
    assert "set-cookie" not in answer.headers


def test_sessions_outlive_the_server_and_their_time_ends(tmp_path: Path) -> None:
    clock, path = ManualClock(), tmp_path / "sessions.json"
    secret, _ = Sessions(clock, path).begin("tok-1")
    assert secret.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    again = Sessions(clock, path)
    found = again.get(secret)
    assert found is not None and found.token == "tok-1"
    clock.advance(SESSION_S)
    assert again.get(secret) is None


def test_a_damaged_file_signs_everybody_out(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    path.write_bytes(b"{not json")
    assert Sessions(ManualClock(), path).get("x") is None


def test_what_a_nameless_token_does_is_recorded_under_its_id(rig) -> None:
    state = rig.assembly.stores.state
    state.put(Incident(id="inc-0", opened_ns=1))
    secret, token = rig.assembly.tokens.create_token(name="", scopes=["read", "approve"])
    bearer = {"authorization": f"Bearer {secret}"}
    for path, body in (
        ("incidents/actions", {"verb": "acknowledge", "ids": ["inc-0"]}),
        ("labels", {"incident": "inc-0", "verdict": "noise"}),
    ):
        answer = rig.client.post(f"/api/v1/{path}", json=body, headers=bearer)
        assert answer.status_code == 201, answer.text
    assert {entry.principal for entry in state.audit_trail()} == {token.id}
    assert state.get(Incident, "inc-0").owners == (token.id,)
