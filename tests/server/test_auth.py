"""Tokens: hashed, scoped, followed across processes."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

from opsweave.kernel.errors import NeedCredentials, RefusedByPolicy, RejectInput
from opsweave.server.auth import Auth, Scope, TokenStore, secret_of


def test_only_the_hash_is_kept_and_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    secret, token = TokenStore(path).create_token(name="ci", scopes=["ingest"])
    assert secret.startswith("ow_")
    assert secret not in path.read_text()
    assert token.sha256 in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_running_server_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    server, command = TokenStore(path), TokenStore(path)
    assert server.lookup("ow_nothing") is None
    secret, token = command.create_token(name="late", scopes=["read"])
    found = server.lookup(secret)
    assert found is not None
    assert found.id == token.id
    assert command.revoke(token.id)
    assert server.lookup(secret) is None
    assert not command.revoke(token.id)


def test_concurrent_creations_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    threads = [
        threading.Thread(
            target=lambda: [
                TokenStore(path).create_token(name="x", scopes=["read"]) for _ in range(5)
            ]
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(TokenStore(path).tokens()) == 20


def test_scopes(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    admin, _ = store.create_token(name="boss", scopes=["admin"])
    auth = Auth(store)
    headers = {"authorization": f"Bearer {admin}"}
    assert auth.require(headers, Scope.READ).name == "boss"
    for scope in (Scope.INGEST, Scope.APPROVE):
        with pytest.raises(RefusedByPolicy):
            auth.require(headers, scope)
    with pytest.raises(NeedCredentials):
        auth.require({}, Scope.READ)


@pytest.mark.parametrize("scopes", [[], ["root"], ["read", "write"]])
def test_unknown_scopes_are_rejected(tmp_path: Path, scopes: list[str]) -> None:
    with pytest.raises(RejectInput):
        TokenStore(tmp_path / "tokens.json").create_token(name="x", scopes=scopes)
    assert not (tmp_path / "tokens.json").exists()


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("Bearer ow_a", "ow_a"),
        ("bearer  ow_a ", "ow_a"),
        ("Basic " + base64.b64encode(b"any:ow_a").decode(), "ow_a"),
        ("Basic " + base64.b64encode(b"any:ow_a:b").decode(), "ow_a:b"),
        ("Basic %%%", ""),
        ("Basic " + base64.b64encode(b"\xff\xfe").decode(), ""),
        ("Digest ow_a", ""),
        ("", ""),
    ],
)
def test_secret_of(header: str, secret: str) -> None:
    assert secret_of({"authorization": header}) == secret


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    path.write_text("{")
    with pytest.raises(RejectInput, match="restore"):
        TokenStore(path).tokens()


def test_odd_secrets_find_nothing(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    store.create_token(name="x", scopes=["read"])
    for secret in ("", "x" * 10_000, "ow_\udc80", "\x00"):
        assert store.lookup(secret) is None
