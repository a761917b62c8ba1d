import sys

import pytest

from opsweave.bench.process import COMMAND, Limits, run

HOG = 'import time; held = bytearray(b"x") * 200_000_000; time.sleep(30)'


def test_an_answer_with_its_cost():
    ran = run([sys.executable, "-c", "import time; print('said'); time.sleep(0.3)"], Limits())
    assert (ran.code, ran.out, ran.failure) == (0, b"said\n", None)
    assert ran.seconds > 0
    assert ran.megabytes > 1


def test_a_failure_tells_its_last_line():
    ran = run([sys.executable, "-c", "raise SystemExit('no such thing')"], Limits())
    assert ran.failure == "ended with 1: no such thing"


def test_a_case_that_takes_too_long_is_stopped():
    ran = run([sys.executable, "-c", "import time; time.sleep(30)"], Limits(seconds=0.2))
    assert ran.ended == "time"
    assert ran.seconds < 10
    assert "stopped after" in ran.failure


def test_a_case_that_takes_too_much_memory_is_stopped():
    ran = run([sys.executable, "-c", HOG], Limits(seconds=20, megabytes=100))
    assert ran.ended == "memory"
    assert "MB" in ran.failure


def test_the_command_is_the_one_that_users_have():
    ran = run([*COMMAND, "--version"], Limits())
    assert ran.out.startswith(b"opsweave ")


@pytest.mark.parametrize("name", ["HOME", "OPSWEAVE_TOLD"])
def test_the_environment_is_added_to(name):
    code = f"import os; print(os.environ['{name}'])"
    ran = run([sys.executable, "-c", code], Limits(), {"OPSWEAVE_TOLD": "1"})
    assert ran.code == 0
