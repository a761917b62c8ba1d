"""Every algorithm of the shelf, and the ensemble, keep the contract of streaming scorers."""

from functools import partial

import pytest

from opsweave.analysis.detection.shelf.alone import ALGORITHMS, Alone
from opsweave.analysis.detection.shelf.score import Scorer
from opsweave.testing.streaming import ALARMS, CHECKS, Kit


class Ensemble(Scorer):
    def judge(self, values, times_ns):
        said = self.step(values, times_ns)
        return said.score, said.expected, said.lower, said.upper, said.reason, said.anomaly


ENSEMBLE = Kit(make=Ensemble, restore=Ensemble.from_bytes)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", ALGORITHMS)
def test_algorithm(name, check):
    make = partial(Alone, name)
    check(Kit(make=make, restore=partial(Alone.from_bytes, name)))


@pytest.mark.parametrize("check", [*CHECKS, *ALARMS], ids=lambda check: check.__name__)
def test_ensemble(check):
    check(ENSEMBLE)
