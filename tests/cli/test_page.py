"""docs/cli.md is made from the commands."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from opsweave.cli._page import page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_fresh() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == page(), "run python -m opsweave.cli._page"


@pytest.mark.slow
def test_help_is_fast_and_imports_nothing_heavy() -> None:
    check = (
        "import sys; from opsweave.cli._app import run; code = run(['--help']);"
        "heavy = {'litestar', 'duckdb', 'dbos', 'sqlalchemy', 'numpy', 'granian', 'httpx'};"
        "found = heavy & set(sys.modules); assert not found, found; sys.exit(code)"
    )
    times = []
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=False)
        times.append(time.monotonic() - began)
        assert done.returncode == 0, done.stderr.decode()
    assert min(times) < 0.5
