"""The uncompiled ensemble says what the compiled one says, and keeps the same contract."""

import subprocess
import sys

import numpy as np
import pytest

from opsweave.analysis.detection.shelf.plain import PlainScorer, twin
from opsweave.analysis.detection.shelf.score import Scorer
from opsweave.kernel.errors import RejectInput
from opsweave.testing import streaming

LENGTH = 700


@pytest.fixture(scope="module")
def rows():
    """Index, times and values of eight odd series, one value of each after the other."""
    values, times = streaming.series(LENGTH), streaming.times(LENGTH)
    values[1, 400], values[2, 50], values[5, 300] = np.inf, np.nan, -1e300
    index = np.tile(np.arange(len(values)), LENGTH)
    return index, np.repeat(times, len(values)), values.T.ravel()


@pytest.fixture(scope="module")
def answers(rows):
    plain = PlainScorer(8)
    return plain, plain.step_rows(*rows)


def test_it_says_what_the_compiled_ensemble_says(rows, answers):
    tame = np.where(np.abs(rows[2]) < 1e100, rows[2], np.nan)
    compiled, (_, said) = Scorer(8).step_rows(rows[0], rows[1], tame), answers
    for name in ("score", "expected", "lower", "upper"):
        one, other = getattr(compiled, name), getattr(said, name)
        assert np.allclose(one, other, rtol=1e-5, equal_nan=True), name
    for name in ("anomaly", "beyond", "reason"):
        assert np.array_equal(getattr(compiled, name), getattr(said, name)), name
    assert compiled.anomaly.any()


def test_a_stream_cut_in_two_is_the_whole(rows, answers):
    index, times, values = rows
    cut = 8 * LENGTH // 2
    first = PlainScorer(8)
    first.step_rows(index[:cut], times[:cut], values[:cut])
    second = PlainScorer.from_bytes(first.to_bytes())
    rest = second.step_rows(index[cut:], times[cut:], values[cut:])
    plain, said = answers
    assert np.array_equal(rest.score, said.score[cut:])
    assert second.to_bytes() == plain.to_bytes()
    assert len(plain.to_bytes()) == len(PlainScorer(8).to_bytes())


def test_a_twin_shares_nothing(answers):
    plain, _ = answers
    copied = twin(plain.states[0])
    before = plain.to_bytes()
    other = PlainScorer()
    other.states = [copied]
    other.step_rows([0], [streaming.times(1, LENGTH)[0]], [1e6])
    assert plain.to_bytes() == before


def test_a_state_of_something_else_is_rejected():
    with pytest.raises(RejectInput):
        PlainScorer.from_bytes(b"opsdet01nonsense")


def test_numba_is_not_loaded_for_it():
    code = (
        "import sys; from opsweave.analysis.detection.shelf.plain import PlainScorer;"
        "PlainScorer(1).step_rows([0], [0], [1.0]); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
