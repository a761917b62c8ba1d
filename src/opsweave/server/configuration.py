"""The configuration folder (``--config``): every file optional, a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.facts import Entity, Relation, Slo
from opsweave.integrations.backstage.catalog import parse_catalog
from opsweave.kernel.errors import RejectInput
from opsweave.practices.sre.slos import load_slos

CATALOG, SLOS = "catalog-info.yaml", "slos.yaml"


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What the folder says. ``folder`` also holds runbooks, policy and integrations."""

    folder: Path | None = None
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    slos: tuple[Slo, ...] = ()


def read_configuration(folder: Path | None) -> Configuration:
    """Raises RejectInput when the folder does not exist or a file in it is wrong."""
    if folder is None:
        return Configuration()
    if not folder.is_dir():
        raise RejectInput(
            f"{folder} is no folder", field="config", action="name one that exists, or leave it out"
        )
    entities, relations = _catalog(folder / CATALOG)
    return Configuration(
        folder=folder,
        entities=tuple(entities),
        relations=tuple(relations),
        slos=tuple(load_slos(folder / SLOS)),
    )


def _catalog(path: Path) -> tuple[list[Entity], list[Relation]]:
    try:
        return parse_catalog(path.read_text("utf-8"))
    except FileNotFoundError:
        return [], []
    except (OSError, UnicodeDecodeError) as error:
        raise RejectInput(f"cannot be read: {error}", field=str(path)) from error
