"""The configuration folder that the company gives to Opsweave: catalog, objectives, access."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from opsweave.demo.company.spec import ENVIRONMENT, KIND_OF, Names

TEAMS = {
    "edge": "storefront",
    "catalog": "storefront",
    "cart": "storefront",
    "checkout": "buying",
    "payment": "buying",
    "provider": "outside",
    "orders": "buying",
    "outbox": "messages",
    "mailer": "messages",
    "fraud": "trust",
    "model": "trust",
    "features": "data",
    "warehouse": "data",
}
DEPENDS_ON: dict[str, tuple[str, ...]] = {
    "edge": ("catalog", "cart", "checkout"),
    "cart": ("catalog",),
    "checkout": ("payment", "orders", "outbox"),
    "payment": ("fraud", "provider"),
    "fraud": ("model", "features"),
    "model": ("features",),
    "features": ("warehouse",),
    "warehouse": ("orders",),
    "mailer": ("outbox", "orders"),
    "outbox": ("orders",),
}
WINDOW_S = 600


def write_config(folder: Path, names: Names, url: str, token: str) -> None:
    """Write the files. The token's file is for its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = [document(names, role) for role in names.roles]
    catalog = yaml.safe_dump_all(documents, sort_keys=False)
    (folder / "catalog-info.yaml").write_text(catalog)
    (folder / "slos.yaml").write_text(yaml.safe_dump(objectives(names), sort_keys=False))
    secret = folder / "control-plane.token"
    secret.touch(mode=0o600)
    secret.chmod(0o600)
    secret.write_text(token + "\n")
    (folder / "integrations.toml").write_text(
        f'[control_plane]\nurl = "{url}"\ntoken_file = "{secret.name}"\n'
    )


def document(names: Names, role: str) -> dict[str, Any]:
    """One entity, as Backstage writes it down."""
    kind = KIND_OF.get(role, "service")
    annotations = {"opsweave.io/environment": ENVIRONMENT, "opsweave.io/entity": names.entity(role)}
    if role == "provider":
        annotations["opsweave.io/outside"] = "true"
    spec: dict[str, Any] = {
        "type": kind,
        "lifecycle": "production",
        "owner": f"group:{TEAMS[role]}",
    }
    needs = [_reference(names, other) for other in DEPENDS_ON.get(role, ())]
    if needs:
        spec["dependsOn"] = needs
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": _document_kind(role),
        "metadata": {
            "name": names.roles[role],
            "namespace": names.namespace,
            "annotations": annotations,
        },
        "spec": spec,
    }


def _document_kind(role: str) -> str:
    kind = KIND_OF.get(role, "service")
    return "Component" if kind in ("service", "job") else "Resource"


def _reference(names: Names, role: str) -> str:
    return f"{_document_kind(role).lower()}:{names.roles[role]}"


def objectives(names: Names) -> list[dict[str, Any]]:
    """Two objectives over a window in which a demo moves them."""
    return [
        {
            "name": "the front door answers",
            "entity": names.entity("edge"),
            "sli": "availability",
            "target": 0.98,
            "window_s": WINDOW_S,
        },
        {
            "name": "orders are placed in time",
            "entity": names.entity("checkout"),
            "sli": "latency",
            "threshold_ms": 900,
            "target": 0.95,
            "window_s": WINDOW_S,
        },
    ]
