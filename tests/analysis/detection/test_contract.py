import pytest

from opsweave.analysis.detection import Detector
from opsweave.testing.detector import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(check):
    check(Detector)
