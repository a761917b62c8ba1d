"""The built console as files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from opsweave.server.console.static import Built, handlers
from opsweave.server.problems import EXCEPTION_HANDLERS

SCRIPT = b"export const answer = 42;" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Opsweave</title>")
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / ".source-sha256").write_text("secret")
    (tmp_path / "assets" / "app-abc123.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "app-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    return tmp_path


def client_of(folder: Path) -> TestClient[Litestar]:
    app = Litestar(
        handlers(Built(folder)), openapi_config=None, exception_handlers=EXCEPTION_HANDLERS
    )
    return TestClient(app)


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient[Litestar]]:
    with client_of(folder) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/incidents/inc-1", "/entities/service:prod/shop/a.b"])
def test_every_page_is_the_same_document_under_a_strict_policy(client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>Opsweave" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy and "http" not in policy
    assert answer.headers["cache-control"] == "no-cache"
    tag = answer.headers["etag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_assets_are_sent_compressed_and_kept_for_good(client) -> None:
    answer = client.get("/assets/app-abc123.js", headers={"accept-encoding": "gzip"})
    assert answer.content == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = client.get("/assets/app-abc123.js", headers={"accept-encoding": "identity"})
    assert plain.content == SCRIPT and "content-encoding" not in plain.headers


def test_files_beside_the_document(client) -> None:
    assert client.get("/icon.svg").headers["content-type"].startswith("image/svg+xml")
    assert "Opsweave" in client.get("/robots.txt").text, "no such file: a page, says the console"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/.source-sha256",
        "/assets/..%2findex.html",
        "/assets/%2e%2e%2f%2e%2e%2fhome.html",
        "/api/v1/nothing",
        "/v1/nothing",
        "/webhooks/a/b",
    ],
)
def test_what_is_no_page_is_not_there(client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_hidden_files_stay_hidden(client) -> None:
    assert "secret" not in client.get("/.source-sha256").text


def test_a_new_build_is_seen_at_once(client, folder: Path) -> None:
    client.get("/")
    (folder / "index.html").write_text("<!doctype html><title>Opsweave, built anew</title>")
    assert "built anew" in client.get("/").text


def test_without_a_console_the_first_page_explains_itself(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert "opsweave status" in answer.text and "npm" in answer.text
        assert "script" not in answer.headers["content-security-policy"]
        assert client.get("/incidents").status_code == 404
