"""Breaks one thing and makes innocent changes around it, in its own thread; writes the truth."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from opsweave.demo import truth
from opsweave.demo.faults import decoys, edits, symptom
from opsweave.demo.faults.catalog import fault_named
from opsweave.demo.faults.changes import Changes, Given
from opsweave.demo.faults.experience import Experience
from opsweave.demo.faults.fault import Fault, Stage
from opsweave.demo.faults.overlap import suffering
from opsweave.demo.faults.ports import Company
from opsweave.demo.faults.spec import Decoy, FaultSpec
from opsweave.demo.faults.topology import CODE
from opsweave.demo.truth import Truth
from opsweave.kernel.errors import Bug, OpsweaveError

STEP_S = 1.0
"""How often a growing fault is moved, and a late guilty change is looked for."""
PATIENCE_S = 120.0
SETTLE_S = 8.0
"""The first seconds of a young company are no baseline."""
JOIN_S = 30.0


class Plot(NamedTuple):
    """What is to be broken, and on which stage."""

    fault: Fault
    stage: Stage

    @property
    def spec(self) -> FaultSpec:
        return self.stage.spec


class Workplace:
    """What two injectors share: the company's changes and flags, and whose turn it is."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.guilty: set[str] = set()
        """Roles whose flag is a fault."""
        self.turn = threading.Lock()
        """The company's developers work one after the other."""


class Injector:
    """Made before the company starts; then one call of ``inject`` or ``calm_changes``.

    Both return at once and work in a thread until :meth:`stop`.
    """

    def __init__(
        self,
        company: Company,
        spec: FaultSpec | None,
        seed: int,
        truth_path: Path,
        *,
        first: Injector | None = None,
    ) -> None:
        """``first``: whose workplace this one shares; it breaks a second thing."""
        self.spec = spec
        self._company, self._path = company, truth_path
        kind = spec.kind if spec else None
        self._chance = random.Random(f"{kind or 'calm'}/{seed}/changes")
        self.workplace: Workplace = (
            first.workplace if first else Workplace(Changes(company, self._chance))
        )
        self._changes = self.workplace.changes
        self._plot: Plot | None = None
        if spec is not None:
            self._plot = Plot(fault_named(spec.kind), Stage(company, self._changes, spec))
        self._experience = Experience(company.outcomes, company.mailbox)
        self._usual: symptom.Normal | None = None
        self._clear = 0.0
        """So far there was no symptom of the injection."""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        written = {} if spec is None else msgspec.json.decode(msgspec.json.encode(spec))
        self.truth = Truth(seed=seed, fault=kind, spec=written)
        truth.write(truth_path, self.truth)
        self._prepare(alone=first is None)

    # -- verbs ----------------------------------------------------------------------------------

    def inject(self, onset_at: float) -> None:
        """Break it at ``onset_at`` (seconds since the epoch), with the innocent changes around."""
        if self._plot is None:
            raise Bug("there is nothing to inject")
        self._run(partial(self._tell, self._plot, onset_at))

    def calm_changes(self, seconds: float) -> None:
        """Innocent changes only, for so long."""
        plan = decoys.calm(seconds, self._chance)
        self._run(partial(self._calm, plan, time.time()))

    def symptom_at(self, since: float | None = None) -> float | None:
        """When a user first felt it: the first breach after ``since`` (default: the injection)."""
        injected = self.truth.injected_at
        since = injected if since is None else since
        if since is None:
            return None
        if since == injected and self.truth.symptom_at is not None:
            return self.truth.symptom_at
        until = time.time() - STEP_S
        rows, mails = self._experience.read()
        if self._usual is None:
            settled = rows[0].done + SETTLE_S if rows else since
            self._usual = symptom.normal(
                [row for row in rows if settled < row.done <= since],
                [mail for mail in mails if mail.at <= since],
            )
        clear = self._clear if since == injected else 0.0
        seen = symptom.first_breach(rows, mails, self._usual, since, until, clear=clear)
        if since == injected:
            self._clear = symptom.clear_until(until)
            if seen is not None:
                self._note(symptom_at=seen.at, symptom=seen.says)
        return seen.at if seen else None

    def stop(self) -> None:
        """No change is made any more once this has returned; the truth is complete."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(JOIN_S)
        self.symptom_at()

    # -- the thread -----------------------------------------------------------------------------

    def _run(self, what: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=what, name="injector", daemon=True)
        self._thread.start()

    def _calm(self, plan: tuple[Decoy, ...], began: float) -> None:
        for decoy in plan:
            if not self._sleep_until(began + decoy.at):
                return
            self._innocent(decoy)

    def _tell(self, plot: Plot, onset_at: float) -> None:
        early = [decoy for decoy in plot.spec.decoys if decoy.at < 0]
        late = [decoy for decoy in plot.spec.decoys if decoy.at >= 0]
        for decoy in early:
            if not self._sleep_until(onset_at + decoy.at):
                return
            self._innocent(decoy)
        if not self._sleep_until(onset_at):
            return
        self._begin(plot)
        ends = onset_at + max([PATIENCE_S, plot.spec.ramp, *(decoy.at for decoy in late)])
        while time.time() < ends and self._sleep_until(time.time() + STEP_S):
            elapsed = time.time() - onset_at
            self._attempt("grow", partial(self._move, plot, elapsed))
            while late and late[0].at <= elapsed:
                self._innocent(late.pop(0))

    def _begin(self, plot: Plot) -> None:
        names = self._company.names
        # Written before the deed: a run that dies here was broken nevertheless.
        self._note(
            injected_at=time.time(),
            entity=plot.fault.entity(names, plot.spec),
            indicator=plot.fault.indicator,
            suffers=tuple(sorted(names.entity(role) for role in suffering(plot.spec))),
        )
        self._attempt("inject", partial(self._break, plot))
        self._note_recovery(plot)

    def _break(self, plot: Plot) -> None:
        self._note(change=plot.fault.begin(plot.stage))
        plot.fault.grow(plot.stage, 0.0 if plot.spec.ramp else 1.0)

    def _move(self, plot: Plot, elapsed: float) -> None:
        ramp = plot.spec.ramp
        if ramp and elapsed <= ramp + STEP_S:
            plot.fault.grow(plot.stage, min(1.0, elapsed / ramp))
        if self.truth.change is None and (late := plot.fault.guilty(plot.stage)) is not None:
            self._note(change=late)
            self._note_recovery(plot)

    def _note_recovery(self, plot: Plot) -> None:
        found = plot.fault.recovery(plot.stage, self.truth.change)
        self._note(recovery=tuple(one._asdict() for one in found))

    # -- changes --------------------------------------------------------------------------------

    def _prepare(self, *, alone: bool) -> None:
        """Every service has a branch behind a flag that is off; the guilty one is among them."""
        if self.spec is not None and self.spec.kind == "flag-cpu":
            self.workplace.guilty.add(self.spec.target)
        for role in self._chance.sample(CODE, len(CODE)):
            if self._plot is not None and self._plot.spec.target == role:
                self._plot.fault.prepare(self._plot.stage)
            if alone and role not in self._changes.flags:
                self._changes.guard(role, edits.guarded, ramp=None)

    def _innocent(self, decoy: Decoy) -> None:
        """Make one innocent change and write it down."""
        role = decoy.target
        if decoy.kind == "flag" and role not in self._harmless():
            role = self._chance.choice(self._harmless())
        self._attempt(f"{decoy.kind} of {role}", partial(self._make, decoy.kind, role))

    def _make(self, kind: str, role: str) -> None:
        changes = self._changes
        makers: dict[str, Callable[[str], str]] = {
            "deployment": changes.innocent_deploy,
            "configuration": changes.innocent_setting,
            "flag": lambda role: changes.switch(role, Given()),
            "model": lambda _: changes.innocent_model(),
        }
        entry: dict[str, Any] = {
            "at": time.time(),
            "kind": kind,
            "entity": self._company.names.entity(role),
            "change": makers[kind](role),
        }
        self._note(innocent=(*self.truth.innocent, entry))

    def _harmless(self) -> list[str]:
        """Roles whose flag burns nothing."""
        return [role for role in sorted(self._changes.flags) if role not in self.workplace.guilty]

    # -- details --------------------------------------------------------------------------------

    def _attempt(self, what: str, deed: Callable[[], None]) -> None:
        """A deed that the company refuses is noted; the run goes on."""
        try:
            with self.workplace.turn:
                deed()
        except OpsweaveError as error:
            self._note(notes=(*self.truth.notes, f"{what}: {error}"))

    def _note(self, **fields: Any) -> None:
        with self._lock:
            self.truth = msgspec.structs.replace(self.truth, **fields)
            truth.write(self._path, self.truth)

    def _sleep_until(self, at: float) -> bool:
        """False when the run is to stop."""
        return not self._stop.wait(max(0.0, at - time.time()))
