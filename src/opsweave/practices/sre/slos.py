"""Reads ``slos.yaml``: a list of objectives, or ``{"slos": [...]}``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from opsweave.facts import Slo
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef, content_hash

SLIS = ("availability", "latency")


def load_slos(path: Path) -> list[Slo]:
    """Objectives of a file, [] when there is none; RejectInput names the field that is wrong."""
    if not path.exists():
        return []
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise RejectInput(f"not YAML: {error}", field=path.name, action="correct it") from error
    items = document.get("slos") if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise RejectInput("not a list of objectives", field=path.name, action="see docs/slos.md")
    return [_read(item, f"{path.name}[{number}]") for number, item in enumerate(items)]


def _read(item: Any, where: str) -> Slo:
    if not isinstance(item, dict):
        raise RejectInput("not a mapping", field=where, action="see docs/slos.md")
    entity = str(EntityRef.parse(str(item.get("entity", ""))))
    name = str(item.get("name", "")).strip()
    if not name:
        raise RejectInput("is missing", field=f"{where}.name", action="name the objective")
    try:
        slo = msgspec.convert({"type": "slo", "id": content_hash(entity, name), **item}, Slo)
    except msgspec.ValidationError as error:
        raise RejectInput(str(error), field=where, action="see docs/slos.md") from error
    if slo.sli not in SLIS:
        raise RejectInput(f"{slo.sli!r} is none of {SLIS}", field=f"{where}.sli")
    if not 0 < slo.target < 1:
        raise RejectInput("must lie between 0 and 1", field=f"{where}.target")
    if slo.sli == "latency" and not slo.threshold_ms:
        raise RejectInput("a latency objective needs it", field=f"{where}.threshold_ms")
    if slo.window_s <= 0:
        raise RejectInput("must be positive", field=f"{where}.window_s")
    return slo
