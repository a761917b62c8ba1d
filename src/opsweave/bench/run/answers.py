"""What a detector answers about one series or entity, and how Opsweave is asked: by its command."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.bench.data.parquet import Columns, columns, write
from opsweave.bench.options import Options, Progress
from opsweave.bench.process import COMMAND, Limits, run
from opsweave.kernel.errors import RejectInput

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Answer(msgspec.Struct, frozen=True):
    """A score a point; flags where the detector sets its own alarms."""

    scores: Floats
    flags: Bools | None = None
    seconds: float = 0.0
    megabytes: float = 0.0


Answers = dict[str, Answer | str]
"""By name; a text says why there is none."""
Ask = Callable[[str, Mapping[str, Columns], Options, Progress], Answers]


def opsweave(title: str, asked: Mapping[str, Columns], options: Options, tell: Progress) -> Answers:
    """``opsweave detect --dir``: all at once, then what got no answer once more by itself."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        source, target = Path(scratch, "asked"), Path(scratch, "said")
        for folder in (source, target):
            folder.mkdir()
        for number, made in enumerate(asked.values()):
            write(source / f"{number:04d}.parquet", made)
        tell(title, 0, len(asked))
        limits = Limits(options.limits.seconds * len(asked), options.limits.megabytes)
        command = [*COMMAND, "detect", "--dir", str(source), "--out", str(target), "--json"]
        ran = run(command, limits)
        found: Answers = {}
        for number, name in enumerate(asked):
            said = target / f"{number:04d}.parquet"
            share = ran.seconds / len(asked)
            if ran.failure or not said.is_file():
                found[name] = _alone(source / said.name, said, options)
            else:
                found[name] = _read(said, len(asked[name]["timestamp"]), share, ran.megabytes)
            tell(title, number + 1, len(asked))
    return found


def _alone(source: Path, target: Path, options: Options) -> Answer | str:
    ran = run([*COMMAND, "detect", str(source), "--out", str(target), "--json"], options.limits)
    if ran.failure:
        return ran.failure
    rows = len(columns(source, "timestamp")["timestamp"])
    return _read(target, rows, ran.seconds, ran.megabytes)


def _read(path: Path, rows: int, seconds: float, megabytes: float) -> Answer | str:
    try:
        said = columns(path, "score, anomaly")
    except RejectInput as error:
        return str(error)
    if len(said["score"]) != rows:
        return f"{len(said['score'])} points answered of {rows}"
    flags = np.asarray(said["anomaly"] == 1, dtype=np.bool_)
    return Answer(said["score"].astype(np.float64), flags, round(seconds, 3), megabytes)
