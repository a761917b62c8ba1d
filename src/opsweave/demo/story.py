"""What happens in a run, in order, on a stage that is set up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from opsweave.demo.approvals import Desk, Keys
from opsweave.demo.faults import Injector
from opsweave.demo.plain import View
from opsweave.demo.scene import Scene
from opsweave.demo.usage import Meter
from opsweave.demo.watch import Watch
from opsweave.facts import IncidentStatus
from opsweave.kernel.clock import SECOND, Clock

TICK_S = 0.25
LOOK_S = 1.0
USUAL_ONSET_S = 80.0
LATE_S = 30.0
AFTER_SYMPTOM_S = 150.0
WHOLE_RUN_S = {False: 232.0, True: 470.0}
"""Of a usual and of a slow fault, from the start."""
SECOND_S = 60.0
"""More patience for a second fault: one recovery may have to wait for the other."""
SETTLE_S = 10.0
"""After the recovery, so that a second incident or a relapse would be seen."""
LEARN, BREAK, DETECT, EXPLAIN, RECOVER, VERIFIED = range(1, 7)


class Break(NamedTuple):
    """What is broken after so many seconds of calm."""

    injector: Injector
    calm_s: float
    slow: bool


class Story:
    """Ticks until something is true, and keeps the view and the person informed."""

    def __init__(
        self, scene: Scene, view: View, watch: Watch, desk: Desk, keys: Keys, clock: Clock
    ) -> None:
        self.scene, self._view, self._watch = scene, view, watch
        self._desk, self._keys, self._clock = desk, keys, clock
        self._looked = 0.0
        self._followed_ns = 0
        self.check: Callable[[], None] = lambda: None
        """Raises when what must run does not run any more."""

    def enter(self, phase: int, says: str) -> None:
        """Go on to a phase."""
        self.scene.now_ns = self._clock.now_ns()
        if phase != self.scene.phase:
            self.scene.phase, self.scene.phase_began_ns = phase, self.scene.now_ns
        self.scene.says = says
        self._view.changed()

    def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Watch until ``done``, at most so long; whether it came true."""
        end = time.monotonic() + seconds
        while True:
            self._tick()
            if done():
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(TICK_S, left))

    def _tick(self) -> None:
        self.scene.now_ns = self._clock.now_ns()
        if time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            self.check()
            self._watch.look(self.scene.now_ns)
            self._view.changed()
        self._ask()

    def _ask(self) -> None:
        waiting = self._watch.approvals
        if (key := self._keys.pressed()) and (said := self._desk.answer(waiting, key)):
            self.scene.says = said
        self.scene.question = self._desk.ask(waiting, self.scene.run.runs)

    # -- with a fault ---------------------------------------------------------------------------

    def with_fault(self, first: Break, server: int, *, second: Break | None = None) -> None:
        """Learn, break, and watch the loop to its end or to the end of our patience."""
        run, injector, calm_s = self.scene.run, first.injector, first.calm_s
        began = time.time()
        onset = began + calm_s
        injector.inject(onset)
        if second is not None:
            second.injector.inject(began + second.calm_s)
        self.enter(LEARN, "learning what is normal; developers work as usual")
        self.until(lambda: injector.truth.injected_at is not None, calm_s + LATE_S)
        run.injected_ns = int((injector.truth.injected_at or onset) * SECOND)
        run.slos_before = list(run.slos)
        self._watch.meter = Meter(server)
        self.enter(BREAK, "something is broken now; nobody told Opsweave")
        breaks = [first] if second is None else [first, second]
        limit = WHOLE_RUN_S[any(one.slow for one in breaks)]
        limit += max(0.0, breaks[-1].calm_s - USUAL_ONSET_S) + (len(breaks) - 1) * SECOND_S
        self.until(lambda: self._over(breaks, limit), limit)
        if run.recovered():
            self.enter(VERIFIED, "recovered and verified")
            self.until(lambda: False, SETTLE_S)
        self._watch.look_at_all(self._clock.now_ns())

    def _over(self, breaks: list[Break], limit: float) -> bool:
        run, now = self.scene.run, self._clock.now_ns()
        first, last = breaks[0].injector, breaks[-1].injector
        if now - self._followed_ns >= SECOND:
            self._followed_ns = now
            if run.symptom_ns is None and (at := first.symptom_at()) is not None:
                run.symptom_ns = int(at * SECOND)
            if last is not first and last.truth.injected_at is not None:
                run.beside_ns = int(last.truth.injected_at * SECOND)
            self._follow()
        felt = [at for at in (run.symptom_ns, run.beside_ns) if at is not None]
        patience = AFTER_SYMPTOM_S + (len(breaks) - 1) * SECOND_S
        late = len(felt) == len(breaks) and now - max(felt) > patience * SECOND
        return run.recovered() or late or now - run.started_ns > limit * SECOND

    def _follow(self) -> None:
        """Name the phase by what Opsweave has said so far."""
        run = self.scene.run
        incident = run.main_incident()
        if incident is None:
            if run.symptom_ns is not None:
                self.enter(DETECT, "users feel it")
        elif not incident.causes:
            self.enter(EXPLAIN, "an incident is open; Opsweave looks for its cause")
        elif incident.status is IncidentStatus.EXPLAINED:
            self.enter(RECOVER, "a cause is named; Opsweave plans a recovery")
        elif incident.status is IncidentStatus.RECOVERING:
            self.enter(RECOVER, "recovering")

    # -- without --------------------------------------------------------------------------------

    def calm(self, injector: Injector, server: int, seconds: float) -> None:
        """Break nothing; innocent changes all the same."""
        run = self.scene.run
        run.injected_ns = None
        self._watch.meter = Meter(server)
        injector.calm_changes(seconds)
        self.enter(1, f"{seconds:g} calm seconds; developers work as usual")
        self.until(lambda: False, seconds)
        self._watch.look_at_all(self._clock.now_ns())
