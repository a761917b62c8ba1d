"""``catalog-info.yaml`` to entities and relations."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

from opsweave.facts.entity import Entity, Relation, RelationKind
from opsweave.integrations.backstage.references import Reference, reference
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef, content_hash

_KINDS = ("component", "resource", "api")
_SERVICES = ("service", "website", "")
_OUTSIDE, _ENTITY = "opsweave.io/outside", "opsweave.io/entity"
_ENVIRONMENT = "opsweave.io/environment"
_ORIGIN = "catalog"
_RELATIONS = (
    ("dependsOn", RelationKind.DEPENDS_ON, "component"),
    ("providesApis", RelationKind.SERVES, "api"),
    ("consumesApis", RelationKind.CALLS, "api"),
)


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """One document of the catalog."""

    own: Reference
    ref: EntityRef
    outside: bool
    spec: dict[str, Any]
    attributes: dict[str, str]


def parse_catalog(text: str) -> tuple[list[Entity], list[Relation]]:
    """Entities and relations of a catalog file, which may hold several documents.

    Documents of other kinds (Group, System ...) are passed over. Raises RejectInput, naming the
    field, on a file that is no catalog.
    """
    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise RejectInput(
            f"not YAML: {error}", field="catalog-info.yaml", action="correct the file"
        ) from error
    items = [item for document in documents if (item := _item(document)) is not None]
    known = {item.own: str(item.ref) for item in items}
    if len(known) < len(items):
        raise RejectInput("two documents have the same kind and name", field="metadata.name")
    return [_entity(item) for item in items], [
        relation for item in items for relation in _relations(item, known)
    ]


def _item(document: Any) -> _Item | None:
    if document is None:
        return None
    if not isinstance(document, dict):
        raise RejectInput("a document that is no mapping", field="catalog-info.yaml")
    kind = _text(document, "kind").lower()
    if kind not in _KINDS:
        return None
    metadata, spec = _mapping(document, "metadata"), _mapping(document, "spec")
    notes = {str(key): str(value) for key, value in _mapping(metadata, "annotations").items()}
    name, namespace = _text(metadata, "name"), _text(metadata, "namespace") or "default"
    if not name:
        raise RejectInput("a document without a name", field="metadata.name")
    type_ = _text(spec, "type").lower()
    given = notes.get(_ENTITY, "")
    ref = (
        EntityRef.parse(given)
        if given
        else EntityRef.of(
            _kind(kind, type_),
            name,
            environment=notes.get(_ENVIRONMENT, ""),
            namespace=namespace,
        )
    )
    attributes = {
        "catalog.kind": kind,
        "catalog.type": type_,
        "catalog.owner": _text(spec, "owner"),
        "catalog.title": _text(metadata, "title"),
        "catalog.description": _text(metadata, "description"),
        "catalog.lifecycle": _text(spec, "lifecycle"),
    }
    return _Item(
        own=Reference(kind, namespace, name),
        ref=ref,
        outside=notes.get(_OUTSIDE, "").lower() == "true",
        spec=spec,
        attributes={key: value for key, value in attributes.items() if value},
    )


def _kind(kind: str, type_: str) -> str:
    """Components are services unless their type says what else; resources are their type."""
    if kind == "api":
        return "api"
    if kind == "component":
        return "service" if type_ in _SERVICES else type_
    return type_ or "resource"


def _entity(item: _Item) -> Entity:
    ref = item.ref
    return Entity(
        id=f"entity-{content_hash(str(ref))}",
        ref=str(ref),
        kind=ref.kind,
        name=ref.name,
        environment=ref.environment,
        namespace=ref.namespace,
        outside=item.outside,
        attributes=item.attributes,
    )


def _relations(item: _Item, known: dict[Reference, str]) -> list[Relation]:
    source, found = str(item.ref), []
    for field, kind, default in _RELATIONS:
        targets = item.spec.get(field) or []
        if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
            raise RejectInput("a list of references is needed", field=f"spec.{field}")
        for one in targets:
            target = reference(one, kind=default, namespace=item.own.namespace)
            found.append((kind, known.get(target) or _unknown(target, item.ref)))
    if owner := _text(item.spec, "owner"):
        team = reference(owner, kind="group", namespace="default")
        found.append((RelationKind.OWNED_BY, f"team:default/{team.namespace}/{team.name}"))
    return [
        Relation(source=source, kind=kind, target=target, origin=_ORIGIN)
        for kind, target in found
        if target != source
    ]


def _unknown(target: Reference, beside: EntityRef) -> str:
    """What the catalog names without describing it lives in the environment of who names it."""
    ref = EntityRef.of(
        _kind(target.kind, ""),
        target.name,
        environment=beside.environment,
        namespace=target.namespace,
    )
    return str(ref)


def _mapping(holder: dict[Any, Any], name: str) -> dict[str, Any]:
    found = holder.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise RejectInput("a mapping is needed", field=name)
    return found


def _text(holder: dict[str, Any], name: str) -> str:
    value = holder.get(name)
    return "" if value is None else str(value).strip()
