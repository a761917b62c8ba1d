"""Entities of several metrics: SMD's machines and JumpStarter's services."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.bench.data.parquet import columns
from opsweave.kernel.errors import RejectInput

Floats = npt.NDArray[np.float64]
_SCALE = 1e6


class Entity(msgspec.Struct, frozen=True):
    """All rows in time order, the training part first; labels are of the test part."""

    name: str
    values: Floats
    """(rows, metrics)."""
    train: int
    labels: npt.NDArray[np.bool_]


FOLDERS = {"smd": "metrics/smd", "jumpstarter": "metrics/jumpstarter/dataset2"}


def names(root: Path, dataset: str) -> list[str]:
    """Names of the entities of ``smd`` or ``jumpstarter``."""
    found = sorted(path.stem for path in (root / FOLDERS[dataset]).glob("*.parquet"))
    if not found:
        raise RejectInput(f"{root / FOLDERS[dataset]}: no *.parquet here")
    return found


def entity(root: Path, dataset: str, name: str) -> Entity:
    """One entity; values as in the origin (SMD's are stored times 1,000,000)."""
    read = columns(root / FOLDERS[dataset] / f"{name}.parquet")
    metrics = sorted(column for column in read if column[0] == "m" and column[1:].isdigit())
    scale = _SCALE if dataset == "smd" else 1.0
    values = np.column_stack([read[m].astype(np.float64) for m in metrics]) / scale
    train = int((read["split"] == "train").sum())
    return Entity(name, values, train, read["label"][train:] == 1)
