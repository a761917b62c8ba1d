"""Pages made as the server makes them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opsweave.pages import Page, PageQuery
from opsweave.server.auth import Principal, Scope
from opsweave.server.console.api_pages import shown
from opsweave.server.console.asked import asked
from opsweave.server.console.registry import Registry


def _small() -> Any:
    spec = importlib.util.spec_from_file_location("small", Path(__file__).with_name("small.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SMALL = _small()
ALL = frozenset(Scope)


class Console(NamedTuple):
    """Every page of a server."""

    assembly: Any
    registry: Registry

    @property
    def now(self) -> int:
        return self.assembly.clock.now_ns()

    def query(self, path: str, scopes: frozenset[Scope] = ALL, **raw: str) -> PageQuery:
        _, params = self.registry.match(path)
        who = Principal(id="tok-1", name="somebody", scopes=scopes)
        return asked(path, params, {k: (v,) for k, v in raw.items()}, who, self.now)

    def page(self, path: str, scopes: frozenset[Scope] = ALL, **raw: str) -> Page:
        spec, _ = self.registry.match(path)
        return shown(spec, self.query(path, scopes, **raw))

    def widget(self, path: str, id: str, **raw: str) -> Any:
        page = self.page(path, **raw)
        return next(w for section in page.sections for w in section.widgets if w.id == id)


@pytest.fixture
def console(rig) -> Console:
    return Console(rig.assembly, Registry(rig.assembly.pages))


@pytest.fixture
def shop(console) -> Console:
    SMALL.fill(console.assembly, console.now)
    return console


@pytest.fixture(scope="session")
def small() -> Any:
    return SMALL


@pytest.fixture(scope="session")
def of() -> Any:
    """Of an assembly: all its pages."""
    return lambda assembly: Console(assembly, Registry(assembly.pages))
