"""Runs the demo in the main thread: sets the stage, tells the story, leaves nothing behind."""

from __future__ import annotations

import platform
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Self

import msgspec

from opsweave import __version__
from opsweave.demo.approvals import Keys, interactive
from opsweave.demo.company.company import Company
from opsweave.demo.faults import FaultSpec, Injector, fault_named
from opsweave.demo.observed import Observed
from opsweave.demo.options import Options
from opsweave.demo.plain import View
from opsweave.demo.processes import Processes
from opsweave.demo.scene import CALM, PHASES, Phase, Scene, Service
from opsweave.demo.stage import READY_S, Stage
from opsweave.demo.story import Break, Story
from opsweave.demo.watch import Watch
from opsweave.kernel.clock import Clock, SystemClock
from opsweave.kernel.errors import OpsweaveError
from opsweave.kernel.ids import new_id

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends the demo in order."""
FOREVER_S = 1e9


class Stopped(KeyboardInterrupt):
    """Somebody asked the demo to end."""


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """How a run is shown and told."""

    view: Callable[[Scene], View]
    outcome: Callable[[Observed, str], None]
    """Called once the outcome is known, with Opsweave's address, while everything still runs."""
    after: Callable[[Scene], View]
    """View of the company that lives on."""
    end: Callable[[Observed], None]
    """Called when no process is left; the truth is still there to be read."""
    charts: bool = False


def run_demo(options: Options, teller: Teller, *, clock: Clock | None = None) -> Observed:
    """One run; returns when no process of it is left."""
    clock = clock or SystemClock()
    specs = options.faults()
    kinds = [spec.kind for spec in specs]
    run = Observed(
        fault=kinds[0] if kinds else None,
        beside=kinds[1] if len(kinds) > 1 else None,
        seed=options.seed,
        started_ns=clock.now_ns(),
    )
    with _Signals() as signals, Processes(new_id("demo", clock.now_ns())) as processes:
        stage = Stage(processes, options)
        run.truth = stage.truth
        run.truth_beside = stage.truth_beside if run.beside else None
        try:
            _perform(_Part(options, specs, run, stage, teller, clock))
        except Stopped:
            run.interrupted = run.ended_ns is None
        except OpsweaveError as error:
            run.problem = str(error)
        finally:
            signals.ignore()
            try:
                stage.stop()
            finally:
                run.processes_left, run.swept = processes.end(), processes.swept
            run.ended_ns = run.ended_ns or clock.now_ns()
            _leave(run, stage, teller)
    return run


def _leave(run: Observed, stage: Stage, teller: Teller) -> None:
    """Tell, then remove the folder, also when the terminal is gone and nobody can be told."""
    if run.problem:
        run.problem += f" (logs are kept in {stage.root})"
    try:
        with suppress(OSError):
            teller.end(run)
    finally:
        if not run.problem:
            stage.clear()


class _Part:
    """What the functions of a run share."""

    def __init__(
        self,
        options: Options,
        specs: tuple[FaultSpec, ...],
        run: Observed,
        stage: Stage,
        teller: Teller,
        clock: Clock,
    ) -> None:
        self.options, self.specs, self.run, self.stage = options, specs, run, stage
        self.teller, self.clock = teller, clock
        self.scene = Scene(run=run, phases=self._phases(), now_ns=run.started_ns)
        self.scene.phase_began_ns = run.started_ns

    def _phases(self) -> tuple[Phase, ...]:
        if self.options.calm_s is None:
            return PHASES
        return (CALM[0], CALM[1]._replace(usual_s=self.options.calm_s))


def _perform(part: _Part) -> None:
    scene, stage = part.scene, part.stage
    keys = Keys(active=part.options.approve == "ask" and interactive())
    with keys.reading(), part.teller.view(scene) as view:
        scene.says = "starting Opsweave"
        view.changed()
        company = stage.build()
        scene.console = stage.opsweave.console_link()
        scene.company = company.names.namespace
        scene.says = f"starting the company {scene.company}"
        view.changed()
        # Before the company's first day: its history holds branches behind flags.
        injectors = _injectors(part, company)
        company.start()
        company.wait_ready(READY_S)
        scene.services = _services(company.names.roles, company.names.entity)
        story = _story(part, view, keys)
        try:
            _tell(part, story, injectors)
        finally:
            for injector in injectors:
                injector.stop()
        part.run.versions = {"opsweave": __version__, "python": platform.python_version()}
        part.run.ended_ns = part.clock.now_ns()
    lives_on = not part.options.once and part.options.calm_s is None
    part.teller.outcome(part.run, stage.opsweave.console_link() if lives_on else "")
    if lives_on:
        with keys.reading(), part.teller.after(scene) as view:
            _story(part, view, keys).until(lambda: False, FOREVER_S)


def _story(part: _Part, view: View, keys: Keys) -> Story:
    watch = Watch(part.stage.opsweave.client(), part.scene, charts=part.teller.charts)
    story = Story(part.scene, view, watch, part.stage.desk(), keys, part.clock)
    story.check = part.stage.opsweave.check
    return story


def _injectors(part: _Part, company: Company) -> tuple[Injector, ...]:
    """One that breaks the first thing or nothing, and one for a second thing."""
    seed, stage = part.options.seed, part.stage
    if not part.specs:
        return (Injector(company, None, seed, stage.truth),)
    first = Injector(company, part.specs[0], seed, stage.truth)
    if len(part.specs) == 1:
        return (first,)
    return first, Injector(company, part.specs[1], seed, stage.truth_beside, first=first)


def _tell(part: _Part, story: Story, injectors: tuple[Injector, ...]) -> None:
    server = part.stage.opsweave.pid
    if part.options.calm_s is not None or not part.specs:
        story.calm(injectors[0], server, part.options.calm_s or 0.0)
        return
    breaks = [
        Break(injector, spec.onset, fault_named(spec.kind).slow)
        for injector, spec in zip(injectors, part.specs, strict=True)
    ]
    story.with_fault(breaks[0], server, second=breaks[1] if len(breaks) > 1 else None)


def _services(roles: dict[str, str], entity: Callable[[str], str]) -> dict[str, Service]:
    answering = [
        role for role in roles if entity(role).partition(":")[0] in ("service", "database")
    ]
    return {entity(role): Service(entity=entity(role)) for role in answering if role != "provider"}


class _Signals:
    """Turns the first signal into :class:`Stopped`, the ones during the ending into nothing."""

    def __init__(self) -> None:
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in STOPPING:
            self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def ignore(self) -> None:
        """The ending has begun, and is bounded in time."""
        for number in STOPPING:
            signal.signal(number, self._nothing)

    def _stop(self, number: int, _: FrameType | None) -> None:
        self.ignore()
        raise Stopped(signal.Signals(number).name)

    def _nothing(self, number: int, _: FrameType | None) -> None:
        """Not SIG_IGN, which children would inherit."""
