"""The recorded random baselines of SMD and JumpStarter are met to four digits."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.data.entities import entity, names
from opsweave.bench.scores.ranking import average_precision, best_f1

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=60)


def arrays(pairs):
    scores, labels = zip(*pairs, strict=True)
    return np.array(scores, dtype=float), np.array(labels)


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_and_scale_do_not_matter(pairs, random):
    scores, labels = arrays(pairs)
    if not labels.any():
        assert math.isnan(average_precision(scores, labels))
        return
    found, best = average_precision(scores, labels), best_f1(scores, labels)[0]
    assert 0.0 < found <= 1.0
    assert 0.0 < best <= 1.0
    random.shuffle(pairs)
    again, also = arrays(pairs)
    assert average_precision(again, also) == pytest.approx(found)
    assert average_precision(np.exp(scores), labels) == pytest.approx(found)
    assert best_f1(again, also)[0] == pytest.approx(best)


@given(PAIRS)
def test_perfect_is_one_and_constant_is_the_share(pairs):
    _, labels = arrays(pairs)
    if labels.any():
        assert average_precision(labels.astype(float), labels) == 1.0
        assert best_f1(labels.astype(float), labels) == (1.0, 1.0)
        assert average_precision(np.zeros(len(labels)), labels) == pytest.approx(labels.mean())


def test_by_hand():
    scores = np.array([0.1, 0.4, 0.35, 0.8])
    assert average_precision(scores, np.array([0, 0, 1, 1], dtype=bool)) == pytest.approx(5 / 6)
    missing = np.array([np.nan, 0.4, 0.35, 0.8])
    assert average_precision(missing, np.array([1, 0, 0, 1], dtype=bool)) == pytest.approx(0.75)


@pytest.mark.parametrize(("dataset", "key"), [("smd", "SMD"), ("jumpstarter", "Dataset2")])
def test_the_recorded_random_score_is_met(bench_data, dataset, key):
    recorded = json.loads((bench_data / "metrics/multivariate_baselines.json").read_text("utf-8"))
    precision, best = [], []
    for name in names(bench_data, dataset):
        labels = entity(bench_data, dataset, name).labels
        scores = np.random.default_rng(0).random(len(labels))
        precision.append(average_precision(scores, labels))
        best.append(best_f1(scores, labels)[0])
    assert round(float(np.mean(precision)), 4) == recorded[f"{key}|random"]["AP"]
    assert round(float(np.mean(best)), 4) == recorded[f"{key}|random"]["best_F1"]
