"""How a page is declared: its path, who may see it, and what makes it from a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from opsweave.kernel.clock import MILLISECOND
from opsweave.pages.base import Health
from opsweave.pages.page import Page

KEPT = ("since", "until", "scope")
"""Parameters that links to other pages keep."""


class TableQuery(NamedTuple):
    """What a table was asked for: ``{id}.after``, ``{id}.sort``, ``{id}.q``."""

    after: str = ""
    sort: str = ""
    q: str = ""


class PageQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One request for a page. Times are milliseconds since the epoch."""

    path: str
    """Of the console, without its query: ``incidents/inc-1``."""
    params: Mapping[str, str] = {}
    """What stands for the pattern's ``{names}``."""
    since_ms: float = 0.0
    until_ms: float = 0.0
    now_ms: float = 0.0
    relative: bool = True
    """Whether the time range ends now and moves on."""
    scope: str = ""
    """Free text; see :meth:`in_scope`."""
    raw: Mapping[str, tuple[str, ...]] = {}
    """All query parameters as they stand in the address."""
    who: str = ""
    """The principal's name."""
    scopes: frozenset[str] = frozenset()
    """What the principal may do."""
    widget: str = ""
    """The only widget that was asked for; the rest need not be made. Empty: all."""

    @property
    def since_ns(self) -> int:
        """Nanoseconds."""
        return int(self.since_ms) * MILLISECOND

    @property
    def until_ns(self) -> int:
        """Nanoseconds."""
        return int(self.until_ms) * MILLISECOND

    @property
    def now_ns(self) -> int:
        """Nanoseconds."""
        return int(self.now_ms) * MILLISECOND

    def get(self, name: str, default: str = "") -> str:
        """The parameter's last value.

        >>> PageQuery(path="", raw={"q": ("a", "b")}).get("q")
        'b'
        """
        values = self.raw.get(name)
        return values[-1] if values else default

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a parameter, repeated or parted by commas.

        >>> PageQuery(path="", raw={"status": ("open,closed", "open")}).many("status")
        ('open', 'closed')
        """
        parts = (part for value in self.raw.get(name, ()) for part in value.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def table(self, id: str) -> TableQuery:
        """What the table with this id was asked for."""
        return TableQuery(self.get(f"{id}.after"), self.get(f"{id}.sort"), self.get(f"{id}.q"))

    def wants(self, *ids: str) -> bool:
        """Whether one of these widgets is to be made."""
        return not self.widget or self.widget in ids

    def may(self, scope: str) -> bool:
        """Whether the principal carries the scope; ``admin`` includes ``read``."""
        return scope in self.scopes or (scope == "read" and "admin" in self.scopes)

    def in_scope(self, *texts: str) -> bool:
        """Whether one of ``texts`` (an entity, a team, a namespace) holds a word of the scope.

        >>> PageQuery(path="", scope="shop").in_scope("service:prod/shop/cart")
        True
        """
        words = self.scope.lower().replace(",", " ").split()
        return not words or any(word in text.lower() for word in words for text in texts)

    def to(self, path: str, **more: str) -> str:
        """A path of the console over the same time and scope.

        >>> PageQuery(path="", raw={"since": ("-6h",)}).to("map", focus="a:b/c/d")
        'map?since=-6h&focus=a%3Ab%2Fc%2Fd'
        """
        kept = {name: self.get(name) for name in KEPT} | more
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{path}?{query}" if query else path


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What the navigation shows beside a page's title; None is nothing."""

    health: Health | None = None
    count: int | None = None


class PageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A page that a room offers; those without ``{names}`` stand in the navigation."""

    pattern: str
    """``incidents``, ``incidents/{id}``; ``{name...}`` takes the rest of the path."""
    title: str
    make: Callable[[PageQuery], Page]
    """May raise what an API handler may: RejectInput, NotThere, RetryLater."""
    group: str = ""
    """Of the navigation: empty, ``Practices`` or ``System``."""
    key: str = ""
    """The letter that opens it after ``g``."""
    order: int = 100
    """In its group, rising."""
    needs: str = "read"
    """The scope without which the page says so instead of being made."""
    hidden: bool = False
    """Not in the navigation although its path has no names."""
    news: Callable[[], News] | None = None
    """Asked whenever the navigation is; must be cheap."""

    @property
    def listed(self) -> bool:
        """Whether it stands in the navigation."""
        return not self.hidden and "{" not in self.pattern
