"""Code as users write it type-checks under mypy's strict rules, and does what it says."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from opsweave.analysis.signal import SeriesKey

HERE = Path(__file__).parent / "usercode"
SECOND = 1_000_000_000


def load(name):
    spec = importlib.util.spec_from_file_location(f"usercode_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_user_code_type_checks():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sorted(map(str, HERE.glob("*.py")))],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_arrays_and_lines_need_no_server():
    library = load("library")
    steady, slow = [100.0] * 60, [400.0] * 20
    assert [first for first, _ in library.slow_from(steady + slow)] == [60]
    key = SeriesKey("service:-/-/mine", "latency_p95")
    assert any(deviation.active for deviation in library.watch(key, steady + slow))
    lines = [(t * SECOND, "request 7 served") for t in range(120)]
    lines += [(t * SECOND, "disk 3 failed") for t in range(100, 120)]
    found = library.new_lines(sorted(lines), 90 * SECOND, 120 * SECOND)
    assert found == {"disk <*> failed": 20}


@pytest.mark.parametrize("name", ["own_detector", "own_integration"])
def test_contract_suites_serve_users_too(name):
    load(name).check()
