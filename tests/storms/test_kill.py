"""kill -9 at random moments, under load from real exporters: what was acknowledged is there, once.

``OPSWEAVE_STORM_KILLS`` sets how often (4 by default), ``OPSWEAVE_STORM_SEED`` the moments.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from opsweave.record.folder import DataFolder
from opsweave.testing.up import UpProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]
KILLS = int(os.environ.get("OPSWEAVE_STORM_KILLS", "4"))
SEED = int(os.environ.get("OPSWEAVE_STORM_SEED", str(random.randrange(1 << 32))))


def test_what_was_acknowledged_survives(
    up: UpProcess, senders: Callable[..., list[Any]], patience: Callable[..., bool]
) -> None:
    dice = random.Random(SEED)
    up.start()
    running = senders(up, up.token("ingest"))
    assert patience(lambda: all(s.acknowledged() for s in running), 60), up.tail()
    for number in range(KILLS):
        time.sleep(dice.uniform(0.1, 3.0))
        assert up.children() == [], "everything of Opsweave is one process"
        up.kill()
        folder = DataFolder(up.data)
        assert not folder.owned(), "nobody holds the data folder"
        assert folder.server() is None
        up.spawn()
        if dice.random() < 0.3:
            # Now and then it does not even get up.
            time.sleep(dice.uniform(0.05, 1.5))
            up.kill()
            assert not folder.owned()
            up.spawn()
        up.wait_ready()
        print(f"kill {number + 1} of {KILLS}: acked {[len(s.acknowledged()) for s in running]}")
    before = [len(s.acknowledged()) for s in running]
    assert patience(
        lambda: all(len(s.acknowledged()) > n for s, n in zip(running, before, strict=True)), 60
    ), "senders go on after the last restart"
    for sender in running:
        sender.finish()
    counts = up.settle()
    assert counts["pending"] == counts["lost"] == counts["refused"] == counts["generic"] == 0
    told = [sender.check(up) for sender in running]
    verified = up.command("ledger", "verify")
    assert verified["lost"] == 0
    assert verified["damaged"] == []
    assert up.get("status")["stores"]["telemetry"]["quarantines"] == []
    assert up.stop() == 0
    assert up.command("ledger", "verify")["received"] == counts["received"]
    print(f"seed {SEED}: {KILLS} kills, acknowledged {told}, {counts}")
