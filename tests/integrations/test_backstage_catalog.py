"""The catalog file."""

from __future__ import annotations

import pytest

from opsweave.facts.entity import RelationKind
from opsweave.integrations.backstage.mock import CATALOG
from opsweave.integrations.backstage.parse import parse_catalog
from opsweave.kernel.errors import RejectInput


def test_a_catalog() -> None:
    entities, relations = parse_catalog(CATALOG)
    by_ref = {entity.ref: entity for entity in entities}
    assert list(by_ref) == [
        "service:demo/shop/cart",
        "database:demo/shop/orders",
        "service:demo/shop/provider",
        "api:demo/shop/cart-api",
    ]
    assert [ref for ref, entity in by_ref.items() if entity.outside] == [
        "service:demo/shop/provider"
    ]
    found = {(r.source, r.kind, r.target) for r in relations}
    cart = "service:demo/shop/cart"
    assert {
        (cart, RelationKind.DEPENDS_ON, "database:demo/shop/orders"),
        (cart, RelationKind.DEPENDS_ON, "service:demo/shop/provider"),
        (cart, RelationKind.SERVES, "api:demo/shop/cart-api"),
        (cart, RelationKind.OWNED_BY, "team:default/default/buying"),
    } <= found
    assert {relation.origin for relation in relations} == {"catalog"}


def test_what_is_named_but_not_described_lives_beside() -> None:
    _, relations = parse_catalog(
        "kind: Component\nmetadata: {name: a, namespace: shop}\n"
        "spec: {dependsOn: ['resource:queue', other], consumesApis: [pay/api]}"
    )
    assert {relation.target for relation in relations} == {
        "resource:default/shop/queue",
        "service:default/shop/other",
        "api:default/pay/api",
    }


def test_other_kinds_and_empty_documents_are_passed_over() -> None:
    assert parse_catalog("---\n---\nkind: Group\nmetadata: {name: g}\n") == ([], [])
    assert parse_catalog("") == ([], [])


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("a: [", "catalog-info.yaml"),
        ("- a", "catalog-info.yaml"),
        ("kind: Component", "metadata.name"),
        ("kind: Component\nmetadata: 3", "metadata"),
        ("kind: Component\nmetadata: {name: a}\nspec: {dependsOn: x}", "spec.dependsOn"),
        ("kind: API\nmetadata: {name: a}\n---\nkind: API\nmetadata: {name: a}", "metadata.name"),
        (
            "kind: API\nmetadata: {name: a, annotations: {opsweave.io/entity: x}}",
            "entity",
        ),
    ],
)
def test_what_is_wrong_is_named(text: str, field: str) -> None:
    with pytest.raises(RejectInput) as caught:
        parse_catalog(text)
    assert caught.value.field == field
