"""The memory twin of durable execution: in the caller's thread, gone with the process."""

from __future__ import annotations

from collections.abc import Callable

from opsweave.runs.durable import Chain


class MemorySteps:
    """Answers recorded so far, by step."""

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = answers

    def run(self, name: str, body: Callable[[], str]) -> str:
        if name not in self._answers:
            self._answers[name] = body()
        return self._answers[name]


class MemoryDurable:
    """Executes at once, inside :meth:`launch`."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, str]] = {}
        self.finished: set[str] = set()
        self._chain: Chain | None = None

    def start(self, chain: Chain) -> None:
        self._chain = chain
        for run_id in list(self.answers):
            self._execute(run_id)

    def launch(self, run_id: str) -> bool:
        if run_id in self.finished:
            return False
        if run_id not in self.answers:
            self.answers[run_id] = {}
            self._execute(run_id)
        return True

    def stop(self) -> None:
        self._chain = None

    def _execute(self, run_id: str) -> None:
        if self._chain is not None and run_id not in self.finished:
            self._chain(MemorySteps(self.answers[run_id]), run_id)
            self.finished.add(run_id)
