import re
import stat
from pathlib import Path

import opsweave.demo
from opsweave.demo import truth
from opsweave.demo.truth import Truth

DEMO = Path(opsweave.demo.__file__).parent
ALLOWED = {"faults/injector.py", "report.py"}


def test_a_record_survives_the_file(tmp_path):
    record = Truth(seed=4, fault="job-lock", entity="job:demo/shop/loader", notes=("x",))
    truth.write(tmp_path / "truth.json", record)
    assert truth.read(tmp_path / "truth.json") == record
    assert stat.S_IMODE((tmp_path / "truth.json").stat().st_mode) == 0o600


def test_only_the_injector_and_the_report_may_know_it():
    knows = re.compile(r"demo\.truth|demo import (.*\b)?truth\b|from \. import truth")
    for path in DEMO.parent.rglob("*.py"):
        name = str(path.relative_to(DEMO)) if path.is_relative_to(DEMO) else str(path)
        if name not in ALLOWED | {"truth.py"}:
            assert not knows.search(path.read_text()), name
