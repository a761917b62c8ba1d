"""Run by the peers' own Python: reads a request a line, writes an answer a line.

Knows nothing of Opsweave and imports a package only when it is asked for. Detectors score each
point by the points before it; a missing value is taken as the last one that was there.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import random
import sys
import time
from collections.abc import Callable
from typing import Any

Request = dict[str, Any]
Answer = dict[str, Any]
_BAND_S, _BAND_WIDTH = 26 * 3600, 3.0
_WINDOW, _STEP = 6400, 100
_MASKS = (
    (r"((?<=[^A-Za-z0-9])|^)(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))((?=[^A-Za-z0-9])|$)", "ID"),
    (r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,} ?){3,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9A-F]{4} ?){4,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
    (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
    (r"(?<=executed cmd )(\".+?\")", "CMD"),
)
"""Those of drain3's example configuration (MIT)."""


def main() -> None:
    """Answers until its input ends. What a package prints goes nowhere."""
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            out.write(json.dumps(answer(json.loads(line)), allow_nan=False) + "\n")
            out.flush()


def answer(request: Request) -> Answer:
    """The answer with the seconds it took, or an error."""
    try:
        work = _WORK[request["bench"], request["method"]]
    except KeyError as error:
        return {"error": f"no such peer: {error}"}
    began = time.perf_counter()
    try:
        found = work(request)
    except ImportError as error:
        return {"error": f"not installed, or not for this Python: {error}"}
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"seconds": round(time.perf_counter() - began, 4), **found}


def _table(request: Request) -> Any:
    """(rows, columns); what is missing holds the last value, or what came first."""
    np = importlib.import_module("numpy")
    table = np.array(request["columns"], dtype=float).T
    for column in table.T:
        known = np.isfinite(column)
        last = np.maximum.accumulate(np.where(known, np.arange(len(column)), -1))
        column[:] = np.where(last >= 0, column[np.maximum(last, 0)], column[known][:1].sum())
    return table


def band(request: Request) -> Answer:
    """Distance from the mean of the last 26 h in their deviations; beyond three it alarms, once."""
    np = importlib.import_module("numpy")
    width = max(2, round(_BAND_S / request["step_s"]))
    scores = _rolling(_table(request)[:, 0], width)
    beyond = scores > _BAND_WIDTH
    begins = beyond & ~np.append(False, beyond[:-1])
    return {"scores": scores.tolist(), "flags": np.flatnonzero(begins).tolist()}


def _rolling(values: Any, width: int, least: float = 1e-9) -> Any:
    np = importlib.import_module("numpy")
    at = np.arange(len(values))
    first = np.maximum(at - width, 0)
    n = np.maximum(at - first, 1)
    centred = values - values[0]
    sums, squares = (np.cumsum(np.append(0.0, one)) for one in (centred, centred**2))
    mean = (sums[at] - sums[first]) / n
    spread = np.sqrt(np.maximum((squares[at] - squares[first]) / n - mean**2, 0.0))
    return np.abs(centred - mean) / (spread + least)


def ewma(request: Request) -> Answer:
    """Distance from a moving mean in moving deviations, both exponential with a span of 100."""
    alpha, mean, variance = 2.0 / 101.0, 0.0, 0.0
    scores = []
    for number, value in enumerate(_table(request)[:, 0].tolist()):
        mean = value if number == 0 else mean
        scores.append(abs(value - mean) / (math.sqrt(variance) + 1e-9))
        off = value - mean
        mean += alpha * off
        variance = (1.0 - alpha) * (variance + alpha * off * off)
    return {"scores": scores}


def gaussian(request: Request) -> Answer:
    """NAB's windowedGaussian: tail probability in a window of 6,400, moved by 100; 12 digits."""
    values = _table(request)[:, 0]
    scores, mean, spread = [0.0], 0.0, 1.0
    for i in range(1, len(values)):
        if i <= _WINDOW or (i - _WINDOW) % _STEP == 0:
            begin = max(i - _WINDOW, 0)
            part = values[begin:i]
            mean, spread = float(part.mean()), float(part.std()) or 1e-6
        tail = 0.5 * math.erfc(abs(float(values[i]) - mean) / spread / 1.4142)
        scores.append(round(1.0 - tail, 12))
    return {"scores": scores}


def trees(request: Request) -> Answer:
    """river's half-space trees over values scaled to what was seen so far."""
    anomaly = importlib.import_module("river.anomaly")
    scaler = importlib.import_module("river.preprocessing").MinMaxScaler()
    model = anomaly.HalfSpaceTrees(seed=42)
    scores = []
    for row in _table(request).tolist():
        x = dict(enumerate(row))
        scaler.learn_one(x)
        x = scaler.transform_one(x)
        scores.append(float(model.score_one(x)))
        model.learn_one(x)
    return {"scores": scores}


def top3(request: Request) -> Answer:
    """Mean of the three largest distances in rolling windows of 5,000, each smoothed over 30."""
    np = importlib.import_module("numpy")
    table = _table(request)
    far = np.column_stack([np.minimum(_rolling(column, 5000), 20.0) for column in table.T])
    smooth = np.sqrt(_moving_mean(far**2, 30))
    return {"scores": np.sort(smooth, axis=1)[:, -3:].mean(axis=1).tolist()}


def _moving_mean(table: Any, width: int) -> Any:
    np = importlib.import_module("numpy")
    sums = np.cumsum(np.vstack([np.zeros(table.shape[1]), table]), axis=0)
    at = np.arange(1, len(table) + 1)
    first = np.maximum(at - width, 0)
    return (sums[at] - sums[first]) / (at - first)[:, None]


def by_chance(request: Request) -> Answer:
    """Random scores: what any figure is worth without a detector."""
    chance = random.Random(0)
    return {"scores": [chance.random() for _ in request["columns"][0]]}


def drain3(request: Request) -> Answer:
    """drain3 with its defaults, or with the masks of its example."""
    config = importlib.import_module("drain3.template_miner_config").TemplateMinerConfig()
    if request["method"] == "drain3-masks":
        mask = importlib.import_module("drain3.masking").MaskingInstruction
        config.masking_instructions = [mask(pattern, name) for pattern, name in _MASKS]
    miner = importlib.import_module("drain3").TemplateMiner(config=config)
    ids = [miner.add_log_message(line)["cluster_id"] for line in request["lines"]]
    texts = {one.cluster_id: one.get_template() for one in miner.drain.clusters}
    return {"groups": ids, "texts": [texts[number] for number in ids]}


def rcaeval(request: Request) -> Answer:
    """BARO or NSigma of rcaeval, given the moment; columns that hardly vary left out on demand."""
    np = importlib.import_module("numpy")
    pandas = importlib.import_module("pandas")
    name, _, varied = request["method"].partition("-")
    method = getattr(importlib.import_module("RCAEval.e2e"), name)
    columns = np.array(request["columns"], dtype=float)
    # The package reads units from names as service_metric: bytes of *_mem become megabytes.
    own = {name.replace("|", "_"): name for name in request["names"]}
    data = pandas.DataFrame(columns.T, columns=list(own)).ffill().bfill().fillna(0.0)
    if varied:
        filters = importlib.import_module("RCAEval.io.time_series")
        before = data[np.array(request["times"]) < request["onset"]]
        data = data[filters.drop_near_constant(filters.drop_constant(before)).columns]
    data.insert(0, "time", request["times"])
    found = method(data, inject_time=request["onset"], dataset="other")
    return {"ranks": [own[str(column)] for column in found["ranks"]]}


_WORK: dict[tuple[str, str], Callable[[Request], Answer]] = {
    ("detect", "band"): band,
    ("detect", "ewma"): ewma,
    ("detect", "gaussian"): gaussian,
    ("detect", "trees"): trees,
    ("detect", "top3"): top3,
    ("detect", "random"): by_chance,
    ("logs", "drain3"): drain3,
    ("logs", "drain3-masks"): drain3,
    ("rca", "baro"): rcaeval,
    ("rca", "baro-varied"): rcaeval,
    ("rca", "nsigma"): rcaeval,
    ("rca", "nsigma-varied"): rcaeval,
}

if __name__ == "__main__":
    main()
