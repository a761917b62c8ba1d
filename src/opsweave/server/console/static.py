"""The built console as files: compressed before, cached for good where the name has a hash."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from opsweave.server.home import HEADERS as HOME_HEADERS
from opsweave.server.home import page as home_page

FOLDER = Path(str(files("opsweave.server").joinpath("static")))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
FOR_GOOD = "public, max-age=31536000, immutable"
NOT_PAGES = frozenset({"api", "v1", "assets", "events", "webhooks", "healthz", "readyz"})
"""First parts of paths that are no page of the console."""
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "map": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is sent. ``packed`` is its gzip form, empty where there is none."""

    body: bytes
    packed: bytes
    media_type: str
    tag: str


class Built:
    """Reads what was built, and keeps it until the file on disk is another."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[tuple[int, int], File]] = {}

    def there(self) -> bool:
        """Whether the console was built."""
        return (self._folder / "index.html").is_file()

    def file(self, *parts: str) -> File | None:
        """A file by its plain name; None when there is none."""
        kind = _TYPES.get(parts[-1].rpartition(".")[2])
        if kind is None or not all(_NAME.fullmatch(part) for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            kept = self._kept.get(str(path))
            if kept is not None and kept[0] == stamp:
                return kept[1]
            made = _read(path, kind)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        self._kept[str(path)] = (stamp, made)
        return made


def _read(path: Path, media_type: str) -> File:
    body = path.read_bytes()
    try:
        packed = path.with_name(f"{path.name}.gz").read_bytes()
    except FileNotFoundError:
        packed = b""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return File(body=body, packed=packed, media_type=media_type, tag=tag)


def handlers(built: Built | None = None) -> list[HTTPRouteHandler]:
    """``/``, ``/assets/NAME``, and every other path, which the console shows as one of its own."""
    console = built or Built()

    def page(request: Request[Any, Any, Any]) -> Response[bytes]:
        index = console.file("index.html")
        if index is None:
            return Response(home_page(), media_type="text/html", headers=HOME_HEADERS)
        return _sent(request, index, {**HEADERS, "cache-control": "no-cache"})

    @get("/", sync_to_thread=False)
    def root(request: Request[Any, Any, Any]) -> Response[bytes]:
        return page(request)

    @get("/assets/{name:str}", sync_to_thread=False)
    def asset(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        found = console.file("assets", name)
        if found is None:
            raise NotFoundException("no such file: the console was built anew, load it again")
        return _sent(request, found, {**HEADERS, "cache-control": FOR_GOOD})

    @get("/{rest:path}", sync_to_thread=False)
    def elsewhere(request: Request[Any, Any, Any], rest: str) -> Response[bytes]:
        first, _, more = rest.strip("/").partition("/")
        if first in NOT_PAGES:
            raise NotFoundException
        found = None if more else console.file(first)
        if found is not None:
            return _sent(request, found, {**HEADERS, "cache-control": "no-cache"})
        if not console.there():
            raise NotFoundException("no such page: the console was not built")
        return page(request)

    return [root, asset, elsewhere]


def _sent(request: Request[Any, Any, Any], file: File, headers: dict[str, str]) -> Response[bytes]:
    headers = {**headers, "etag": file.tag, "vary": "accept-encoding"}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    body = file.body
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        body = file.packed
        headers["content-encoding"] = "gzip"
    return Response(body, headers=headers, media_type=file.media_type)
