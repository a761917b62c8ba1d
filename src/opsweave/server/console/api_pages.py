"""``GET pages`` and ``GET pages/PATH``: what there is, and what a page says."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import NotThere
from opsweave.pages import AnyWidget, Health, Note, Page, PageQuery, PageSpec, Section, State
from opsweave.server.console.answer import answered
from opsweave.server.console.asked import asked
from opsweave.server.console.registry import Registry

READ = {"scope": "read"}


class NavItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the navigation; ``key`` opens it after ``g``."""

    path: str
    title: str
    group: str = ""
    key: str = ""
    health: Health | None = None
    count: int | None = None


class Nav(msgspec.Struct, frozen=True, kw_only=True):
    """What ``GET pages`` answers."""

    items: tuple[NavItem, ...]


class OneWidget(msgspec.Struct, frozen=True, kw_only=True):
    """What ``GET pages/PATH?widget=ID`` answers."""

    widget: AnyWidget


def handlers(registry: Registry, clock: Clock) -> list[HTTPRouteHandler]:
    """Both verbs."""

    @get("/pages", opt=READ, sync_to_thread=True)
    def pages(request: Request[Any, Any, Any]) -> Response[bytes]:
        return answered(request, Nav(items=tuple(_entry(spec) for spec in registry.listed())))

    @get("/pages/{path:path}", opt=READ, sync_to_thread=True)
    def page(request: Request[Any, Any, Any], path: str) -> Response[bytes]:
        wanted = path.strip("/")
        spec, params = registry.match(wanted)
        raw = {name: tuple(values) for name, values in request.query_params.dict().items()}
        query = asked(wanted, params, raw, request.state.principal, clock.now_ns())
        made = shown(spec, query)
        return answered(request, one_of(made, query.widget) if query.widget else made)

    return [pages, page]


def shown(spec: PageSpec, query: PageQuery) -> Page:
    """The page, or the page that says which scope it needs."""
    made = spec.make(query) if query.may(spec.needs) else _denied(spec, query)
    if not made.as_of_ms:
        made = msgspec.structs.replace(made, as_of_ms=query.now_ms)
    return made


def one_of(page: Page, id: str) -> OneWidget:
    """The widget with this id. Raises NotThere."""
    for section in page.sections:
        for widget in section.widgets:
            if widget.id == id:
                return OneWidget(widget=widget)
    raise NotThere(f"no widget {id[:100]} on this page", field="widget", action="load the page")


def _entry(spec: PageSpec) -> NavItem:
    news = spec.news() if spec.news is not None else None
    return NavItem(
        path=spec.pattern,
        title=spec.title,
        group=spec.group,
        key=spec.key,
        health=news.health if news else None,
        count=news.count if news else None,
    )


def _denied(spec: PageSpec, query: PageQuery) -> Page:
    note = Note(
        id=query.widget or "denied",
        state=State.DENIED,
        missing=f"This page needs the scope {spec.needs}; {query.who} does not have it.",
        remedy=f"Sign in with a token made by opsweave token create --scope {spec.needs}.",
        remedy_to="settings",
    )
    sections = (Section(id="denied", widgets=(note,)),)
    return Page(path=query.path, title=spec.title, sections=sections, timed=False)
