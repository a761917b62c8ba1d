"""Runs cases one after the other or a few at once, and tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from opsweave.bench.options import Progress
from opsweave.bench.result import Case


def each(
    title: str, names: Sequence[str], work: Callable[[str], Case], workers: int, tell: Progress
) -> list[Case]:
    """``work(name)`` for every name, in the order of the names.

    The threads wait for processes, so that a worker is one process at a time.
    """
    done: list[Case] = []
    tell(title, 0, len(names))
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for case in pool.map(work, names):
            done.append(case)
            tell(title, len(done), len(names))
    return done
