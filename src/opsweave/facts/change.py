"""Changes: what somebody altered, on which entity, when."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from opsweave.facts.base import Fact


class ChangeKind(StrEnum):
    """What was changed."""

    COMMIT = "commit"
    BUILD = "build"
    ARTIFACT = "artifact"
    DEPLOYMENT = "deployment"
    CONFIGURATION = "configuration"
    FLAG = "flag"
    SCHEMA = "schema"
    DATA_VERSION = "data_version"
    MODEL_VERSION = "model_version"
    SCALING = "scaling"
    CREDENTIAL = "credential"
    OTHER = "other"


class Change(Fact, frozen=True, kw_only=True, tag="change"):
    """One change as its source reported it.

    ``id`` is the source's own id (git SHA, CDEvents subject id) prefixed by nothing; one canonical
    change per deployment, with the commits it ships in ``commits``. ``details`` holds what the
    source says was touched, for example ``{"keys": {"pool.size": ["16", "4"]}}`` for a
    configuration or ``{"flag": "new-cart", "on": true}`` for a flag.
    """

    source: str
    kind: ChangeKind
    entity: str
    at_ns: int
    observed_ns: int = 0
    recorded_ns: int = 0
    finished_ns: int | None = None
    summary: str = ""
    author: str = ""
    version_from: str = ""
    version_to: str = ""
    commits: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    lines_added: int = 0
    lines_deleted: int = 0
    outcome: str = ""
    caused_by: str = ""
    """The run, change or principal that made it; Opsweave's own actions name their run."""
    details: dict[str, Any] = {}
