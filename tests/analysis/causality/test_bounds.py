"""Values at the edge of what a float holds are answered, without a warning."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from msgspec.structs import replace
from tests.analysis.causality.clues.metrics.recorded import column, recorded

from opsweave.analysis.causality.bounds import bounded
from opsweave.analysis.causality.diagnose import diagnose
from opsweave.analysis.causality.dossier import CaseChange, Dossier, Spans


def case(make):
    series = {
        (e, m, ""): make(np.asarray(column(i, 10.0, 0.5, 4.0 * (e == "b"))))
        for i, (e, m) in enumerate((e, m) for e in "abc" for m in ("latency_p95", "cpu", "other"))
    }
    change = CaseChange(id="x", at_ns=60, kind="deployment", entity="b")
    return recorded(series, changes=(change,), edges=(("a", "b", "calls"),))


@pytest.mark.parametrize(
    "make",
    [
        lambda x: x * 1e306,
        lambda x: -x * 1e306,
        lambda x: np.where(np.arange(len(x)) % 2, 1.7e308, -1.7e308),
        lambda x: np.where(np.arange(len(x)) % 9, x, 1.7e308),
        lambda x: x * 5e-324,
        lambda x: x - 50.0,
        lambda x: np.where(np.arange(len(x)) % 3, x, 1e-310),
    ],
)
def test_extreme_values_are_answered_without_a_warning(make):
    with warnings.catch_warnings(), np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("error")
        answer = diagnose(case(make))
    assert all(np.isfinite(c.score) for c in answer.causes)


def test_a_span_of_all_eternity_is_bounded():
    spans = Spans(times_ns=np.array([0]), duration_us=np.array([2**63 - 1]))
    assert bounded(Dossier(start_ns=0, end_ns=1, spans=spans)).spans.duration_us[0] < 2**50


def test_what_is_usual_stays_as_it_is():
    usual = case(lambda x: x)
    assert bounded(usual) is usual
    zero = replace(usual.metrics, values=np.zeros_like(usual.metrics.values))
    assert bounded(replace(usual, metrics=zero)).metrics is zero
