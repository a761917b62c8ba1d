from pathlib import Path

import pytest

from opsweave.bench.options import Options, known
from opsweave.bench.split import half
from opsweave.kernel.errors import RejectInput

NAMES = [f"c{n}" for n in range(20)]


def test_a_limit_takes_of_each_half():
    dev, report = half("toy", NAMES)
    taken = Options(data=Path(), limit=3).names("toy", NAMES)
    assert len(taken) == 6
    assert len(set(taken) & set(dev)) == len(set(taken) & set(report)) == 3
    assert set(Options(data=Path(), part="dev").names("toy", NAMES)) == set(dev)


def test_data_sets_by_name():
    assert Options(data=Path()).wants("nab")
    assert not Options(data=Path(), datasets=("wsd",)).wants("nab")
    with pytest.raises(RejectInput, match="'nap' is not one of nab, wsd"):
        known(["nap"], ["wsd", "nab"])
