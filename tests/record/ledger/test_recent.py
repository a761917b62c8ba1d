"""Retries are recognised within a day, in bounded memory."""

from __future__ import annotations

from opsweave.kernel.clock import SECOND
from opsweave.record.ledger.recent import DAY_NS, Recent


def key(n: int) -> tuple[str, str, str]:
    return ("door", "token", f"{n:064x}")


def test_a_body_is_known_for_a_day() -> None:
    recent = Recent()
    recent.add(key(1), 7, 0)
    assert recent.find(key(1), DAY_NS) == 7
    assert recent.find(key(1), DAY_NS + 1) is None
    assert recent.find(key(2), 1) is None


def test_door_and_token_count() -> None:
    recent = Recent()
    recent.add(("a", "bc", "x"), 1, 0)
    assert recent.find(("ab", "c", "x"), 0) is None
    assert recent.find(("a", "bc", "x"), 0) == 1


def test_the_oldest_are_forgotten() -> None:
    recent = Recent(most=3)
    for n in range(5):
        recent.add(key(n), n, n * SECOND)
    assert [recent.find(key(n), 5 * SECOND) for n in range(5)] == [None, None, 2, 3, 4]


def test_a_failed_write_is_withdrawn_unless_somebody_else_wrote_it() -> None:
    recent = Recent()
    recent.add(key(1), 1, 0)
    recent.forget(key(1), 2)
    assert recent.find(key(1), 0) == 1
    recent.forget(key(1), 1)
    assert recent.find(key(1), 0) is None
