"""kill -9 of the engine's process at each step; the targets' journal counts the effects."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from opsweave.facts import Run, RunStatus
from opsweave.integrations.control_plane.mock import World, serving
from opsweave.record.state.sql_store import SqlState, sqlite_url
from opsweave.runs.records import ENDED
from opsweave.testing.durable import wait_for

from .rig import SYMPTOMS, two_steps

PROCESS = Path(__file__).with_name("engine_process.py")
PATIENCE_S = 50.0


class Ending(NamedTuple):
    """What became of a run."""

    status: RunStatus
    effects: list[str]
    says: str


class Trap:
    """Holds whoever walks into it until it is opened."""

    def __init__(self) -> None:
        self.sprung, self.opened = threading.Event(), threading.Event()

    def hold(self) -> None:
        if not self.sprung.is_set():
            self.sprung.set()
            assert self.opened.wait(PATIENCE_S)


class Storm:
    """A world and a folder; engines come and are killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.world, self.url = folder, World(), ""
        self.state = SqlState(sqlite_url(folder / "state.sqlite"))
        self.trap = Trap()

    def prepare(self, *, blind: bool = False, within_s: float = 20.0) -> None:
        quick = msgspec.structs.replace(SYMPTOMS, within_s=within_s, hold_s=0.3)
        job = {"url": self.url, "plan": two_steps(predicates=(quick,)), "blind": blind}
        (self.folder / "job.json").write_bytes(msgspec.json.encode(job))

    def heal(self) -> None:
        (self.folder / "healthy").touch()

    def run(self) -> Run | None:
        runs = self.state.find(Run)
        return runs[0] if runs else None

    def run_is(self, *statuses: RunStatus) -> bool:
        run = self.run()
        return run is not None and run.status in statuses

    def effects(self) -> list[str]:
        run = self.run()
        assert run is not None
        return [entry["key"].removeprefix(run.id) for entry in self.world.journal]

    @contextmanager
    def engine(self) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen([sys.executable, str(PROCESS), str(self.folder)]) as process:
            try:
                yield process
            finally:
                process.kill()

    def wait(self, process: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
        wait_for(
            condition,
            seconds=PATIENCE_S,
            says=lambda: (process.poll(), self.run(), self.world.journal),
        )

    def killed_at(self, reached: Callable[[], bool]) -> None:
        with self.engine() as process:
            self.wait(process, reached)
        self.trap.opened.set()

    def ended(self) -> Ending:
        """A new engine takes the run up; how it ends."""
        with self.engine() as process:
            self.wait(process, lambda: self.run_is(*ENDED))
        run = self.run()
        assert run is not None
        assert self.state.verify_audit() is None
        assert not (self.folder / "connections").exists(), "spoke to somebody else"
        return Ending(run.status, self.effects(), run.says)


Story = Callable[[Storm], Ending]


def story(lay: Callable[[Storm], None], *, blind: bool = False) -> Story:
    """Killed in the trap that ``lay`` lays; healthy when the engine comes back."""

    def tell(storm: Storm) -> Ending:
        storm.prepare(blind=blind)
        lay(storm)
        storm.killed_at(storm.trap.sprung.is_set)
        storm.heal()
        return storm.ended()

    return tell


def before_intent(storm: Storm) -> None:
    storm.world.before_dry_run = storm.trap.hold


def after_intent(storm: Storm) -> None:
    storm.world.before_probe = lambda _key: storm.trap.hold()


def during_the_act(storm: Storm) -> None:
    storm.world.before_effect = lambda _entry: storm.trap.hold()


def during_the_second_act(storm: Storm) -> None:
    def hold(entry: dict[str, Any]) -> None:
        if entry["action"] == "scale":
            storm.trap.hold()

    storm.world.before_effect = hold


def before_the_record(storm: Storm) -> None:
    def hold(_entry: dict[str, Any]) -> bool:
        storm.trap.hold()
        return True

    storm.world.after_effect = hold


def during_verification(storm: Storm) -> Ending:
    storm.prepare()
    storm.killed_at(lambda: storm.run_is(RunStatus.VERIFYING))
    storm.heal()
    return storm.ended()


def compensation(*, after: bool) -> Story:
    def tell(storm: Storm) -> Ending:
        storm.prepare(within_s=0.3)

        def hold(entry: dict[str, Any]) -> bool:
            if entry["key"].endswith(":1:undo"):
                storm.trap.hold()
            return True

        if after:
            storm.world.after_effect = hold
        else:
            storm.world.before_effect = lambda entry: hold(entry) and None
        storm.killed_at(storm.trap.sprung.is_set)
        return storm.ended()

    return tell


DONE = (RunStatus.SUCCEEDED, [":0", ":1"])
UNDONE = (RunStatus.COMPENSATED, [":0", ":1", ":1:undo", ":0:undo"])
STORIES: dict[str, tuple[Story, tuple[RunStatus, list[str]]]] = {
    # All has resolved by itself when the engine comes back, so nothing is done.
    "before the intent": (story(before_intent), (RunStatus.REFUSED, [])),
    "after the intent": (story(after_intent), DONE),
    "during the act": (story(during_the_act), DONE),
    "during the second act": (story(during_the_second_act), DONE),
    "before the record": (story(before_the_record), DONE),
    "during verification": (during_verification, DONE),
    "during compensation": (compensation(after=False), UNDONE),
    "before the record of compensation": (compensation(after=True), UNDONE),
    "neither repeatable nor probeable": (
        story(before_the_record, blind=True),
        (RunStatus.UNKNOWN, [":0"]),
    ),
}


def told(tell: Story, storm: Storm) -> Ending:
    with serving(storm.world) as storm.url:
        try:
            return tell(storm)
        finally:
            storm.trap.opened.set()
            storm.state.close()


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Ending]]]:
    """All stories at once: most of their time is waiting."""
    # Made one by one: migrations of two databases in one process must not overlap.
    storms = {name: Storm(tmp_path_factory.mktemp("storm")) for name in STORIES}
    with ThreadPoolExecutor(3) as pool:
        yield {name: pool.submit(told, tell, storms[name]) for name, (tell, _) in STORIES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_killed(endings: dict[str, Future[Ending]], name: str) -> None:
    ending = endings[name].result(110)
    assert (ending.status, ending.effects) == STORIES[name][1], ending.says
    assert ("a person must look" in ending.says) is (ending.status is RunStatus.UNKNOWN)
