"""The configuration folder (``--config``): every file optional, a wrong one is named."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from opsweave.facts import Entity, Relation, Slo
from opsweave.integrations.backstage.catalog import parse_catalog
from opsweave.integrations.discover import manifests, module
from opsweave.kernel.errors import Bug, RejectInput
from opsweave.practices.aiops.recovery.runbook import Runbook, load_runbooks
from opsweave.practices.sre.slos import load_slos
from opsweave.runs.policy import Policy, load_policy
from opsweave.runs.ports import Actuator
from opsweave.server.retention_policy import FILE as RETENTION
from opsweave.server.retention_policy import RetentionPolicy, load_retention

CATALOG, SLOS = "catalog-info.yaml", "slos.yaml"
POLICY, INTEGRATIONS, RUNBOOKS = "policy.yaml", "integrations.toml", "runbooks"


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What the folder says. ``folder`` also holds ``runbooks/``."""

    folder: Path | None = None
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    slos: tuple[Slo, ...] = ()
    policy: Policy = Policy()
    actuators: tuple[Actuator, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    retention: RetentionPolicy = RetentionPolicy()


def read_configuration(folder: Path | None) -> Configuration:
    """Raises RejectInput when the folder does not exist or a file in it is wrong."""
    if folder is None:
        return Configuration(runbooks=load_runbooks())
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
        policy=load_policy(folder / POLICY),
        actuators=tuple(_actuators(folder / INTEGRATIONS)),
        runbooks=load_runbooks(folder / RUNBOOKS),
        retention=load_retention(folder / RETENTION),
    )


def _catalog(path: Path) -> tuple[list[Entity], list[Relation]]:
    try:
        return parse_catalog(path.read_text("utf-8"))
    except FileNotFoundError:
        return [], []
    except (OSError, UnicodeDecodeError) as error:
        raise RejectInput(f"cannot be read: {error}", field=str(path)) from error


def _actuators(path: Path) -> list[Actuator]:
    """One for each table of ``integrations.toml``."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RejectInput(str(error), field=str(path), action="correct the file") from error
    return [_actuator(room, table, path.parent) for room, table in document.items()]


def _actuator(room: str, table: Any, folder: Path) -> Actuator:
    acting = [name for name, manifest in manifests().items() if manifest.acts]
    if room not in acting or not isinstance(table, dict):
        raise RejectInput(
            "is no table of an integration that acts",
            field=f"{INTEGRATIONS}: {room}",
            action=f"use {', '.join(acting)}",
        )
    actions = module(room, "actions")
    if actions is None:
        raise Bug(f"{room} acts, says its manifest, but has no actions.py")
    made: Actuator = actions.actuator(table, folder)
    return made
