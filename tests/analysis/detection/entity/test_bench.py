import os
from pathlib import Path

import numpy as np
import pytest

from opsweave.analysis.detection.entity import score_entity

HERE = Path(__file__).parents[4]
DATA = Path(os.environ.get("OPSWEAVE_BENCH_DATA", HERE.parent / "shared" / "bench"))


def table(path):
    import duckdb

    if not path.is_file():
        pytest.skip(f"{path} is not here: set OPSWEAVE_BENCH_DATA")
    with duckdb.connect() as connection:
        data = connection.execute("FROM read_parquet(?)", [str(path)]).fetchnumpy()
    values = np.column_stack([np.asarray(data[c], np.float64) for c in sorted(data) if c[0] == "m"])
    labels = np.ma.filled(np.ma.asarray(data["label"]), 0) > 0
    return values, labels, np.asarray(data["split"]) == "test"


def average_precision(scores, labels):
    ranked = labels[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())


@pytest.mark.parametrize(
    ("name", "least"),
    [("smd/machine-2-5", 0.55), ("jumpstarter/dataset2/service6", 0.70)],
)
def test_ranks_real_anomalies_first(name, least):
    """Development cases; a plain moving z-score has .45 and .25 here."""
    values, labels, test = table(DATA / "metrics" / f"{name}.parquet")
    assert average_precision(score_entity(values).score[test], labels[test]) > least
