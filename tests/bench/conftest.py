import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bench_data():
    """The folder with the public data, or a skip that says what is missing."""
    beside = Path(__file__).parents[3] / "shared" / "bench"
    root = Path(os.environ.get("OPSWEAVE_BENCH_DATA", beside))
    if not (root / "README.md").is_file():
        pytest.skip(f"no bench data in {root}; OPSWEAVE_BENCH_DATA names it")
    return root
