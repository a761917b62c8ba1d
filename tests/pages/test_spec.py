"""What a page is asked for, and what of it is kept in links."""

from __future__ import annotations

import pytest

from opsweave.pages import Page, PageQuery, PageSpec


def asked(**raw: str) -> PageQuery:
    return PageQuery(path="incidents", raw={name: (value,) for name, value in raw.items()})


def test_links_keep_time_and_scope_and_nothing_else() -> None:
    query = asked(since="-6h", scope="shop", q="cart", tab="alerts")
    assert query.to("map") == "map?since=-6h&scope=shop"
    assert query.to("map", hops="2") == "map?since=-6h&scope=shop&hops=2"
    assert query.to("map", since="") == "map?scope=shop", "a page may drop one"
    assert asked().to("map") == "map"


def test_a_table_is_asked_by_its_own_parameters() -> None:
    query = PageQuery(path="", raw={"alerts.after": ("x",), "alerts.sort": ("-at",)})
    assert query.table("alerts") == ("x", "-at", "")
    assert query.table("changes") == ("", "", "")


def test_one_widget_alone() -> None:
    assert PageQuery(path="").wants("a")
    alone = PageQuery(path="", widget="a")
    assert alone.wants("a", "b") and not alone.wants("b")


@pytest.mark.parametrize(
    ("scope", "inside"), [("", True), ("SHOP", True), ("pay shop", True), ("pay,geo", False)]
)
def test_scope_is_any_of_its_words(scope: str, inside: bool) -> None:
    assert PageQuery(path="", scope=scope).in_scope("service:prod/shop/cart", "team-a") is inside


def test_admin_reads() -> None:
    assert PageQuery(path="", scopes=frozenset({"admin"})).may("read")
    assert not PageQuery(path="", scopes=frozenset({"read"})).may("admin")


def test_only_pages_without_names_are_listed() -> None:
    def make(query: PageQuery) -> Page:
        return Page(path=query.path, title="x")

    assert PageSpec(pattern="map", title="Map", make=make).listed
    assert not PageSpec(pattern="incidents/{id}", title="Incident", make=make).listed
    assert not PageSpec(pattern="gallery", title="Gallery", make=make, hidden=True).listed
