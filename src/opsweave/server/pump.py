"""From the ledger to the stores: one thread, in ledger order, telemetry before facts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from opsweave.integrations.contract import Parsed, Parser
from opsweave.kernel.boundary import ForeignCodeFailed, guarded
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import OpsweaveError, RetryLater
from opsweave.record.ledger.port import Ledger, LedgerRecord, Outcome
from opsweave.record.telemetry.port import Applied, TelemetryStore
from opsweave.record.telemetry.schema import Batch
from opsweave.server.doors.handoff import Handoff
from opsweave.server.judge import Judge, refused

log = logging.getLogger("opsweave.pump")

Sink = Callable[[Parsed, LedgerRecord], None]
"""Takes what a stored record became. Called again after a crash: it must be idempotent."""
_Item = tuple[LedgerRecord, Applied, Parsed]
_IDLE_S = 1.0
_WITH_FACTS = (Outcome.STORED, Outcome.GENERIC)


class PumpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much goes into one transaction."""

    max_records: int = 64
    max_bytes: int = 8 << 20
    linger_s: float = 0.5
    """Pause after a batch that was not full."""


class PumpStatus(msgspec.Struct, frozen=True, kw_only=True):
    """For health and for the dead man's switch."""

    next_seq: int
    alive: bool
    failures: int = 0
    """Records whose facts could not be delivered (a bug; the log says which)."""
    waiting: str = ""
    """Why the pump is backing off, '' when it is not."""


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay changed."""

    tried: int
    now_stored: int
    still: dict[int, str] = {}
    """Records that still cannot be used, with the reason."""


class Pump:
    """Applies ledger records. ``step`` does one batch, so that tests need no thread."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        telemetry: TelemetryStore,
        parsers: Mapping[str, Parser],
        sink: Sink,
        clock: Clock,
        handoff: Handoff | None = None,
        settings: PumpSettings | None = None,
    ) -> None:
        self._ledger, self._telemetry, self._sink = ledger, telemetry, sink
        self._clock, self._handoff = clock, handoff
        self._settings = settings or PumpSettings()
        self._judge = Judge(parsers)
        self._next = telemetry.next_seq()
        self._undelivered: list[_Item] = []
        self._failures, self._waiting = 0, ""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Deliver again what a crash may have left undelivered, then run."""
        self._thread = threading.Thread(target=self._run, name="opsweave-pump", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Finish the batch at hand and end the thread."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def wake(self) -> None:
        """Do not linger: something has arrived that should be visible soon."""
        self._wake.set()

    def status(self) -> PumpStatus:
        """Where the pump stands."""
        return PumpStatus(
            next_seq=self._next,
            alive=self._thread is not None and self._thread.is_alive(),
            failures=self._failures,
            waiting=self._waiting,
        )

    def step(self) -> int:
        """Apply one batch; returns how many records. Raises RetryLater (disk full)."""
        with self._lock:
            self._deliver()
            records = self._records(self._next, self._settings.max_records)
            if not records:
                return 0
            items = [self._judged(record) for record in records]
            self._write(items)
            self._next = records[-1].seq + 1
            self._undelivered = list(items)
            self._deliver()
            return len(items)

    def recover(self) -> int:
        """Deliver the last batch's facts once more: a crash may have come between the stores."""
        with self._lock:
            start = max(self._ledger.first_seq(), self._next - self._settings.max_records)
            records = self._records(start, self._next - start)
            self._undelivered = [self._judged(record) for record in records]
            self._deliver()
            return len(records)

    def replay(self, seqs: Iterable[int] | None = None, *, reason: str | None = None) -> Replayed:
        """Parse refused and generic records again, after a fix; those now usable are stored.

        ``seqs`` chooses records, ``reason`` those whose reason contains the text; None: all.
        """
        chosen = self._unusable(None if seqs is None else set(seqs), reason)
        still: dict[int, str] = {}
        stored = 0
        with self._lock:
            for seq in chosen:
                if seq < self._ledger.first_seq():
                    still[seq] = "no longer in the ledger"
                    continue
                for record in self._ledger.read(seq, limit=1):
                    item = self._judged(record)
                    if item[1].outcome is not Outcome.STORED:
                        still[seq] = item[1].reason
                        continue
                    self._write(
                        [(record, msgspec.structs.replace(item[1], replaces=True), item[2])]
                    )
                    self._undelivered = [item]
                    self._deliver()
                    stored += 1
        return Replayed(tried=len(chosen), now_stored=stored, still=still)

    def refill(self, first: int, until: int) -> int:
        """Apply one batch of records from ``first`` on, whose rows were lost; where it stopped.

        Their facts were delivered long ago.
        """
        with self._lock:
            records = self._records(first, min(until - first, self._settings.max_records))
            items = [self._judged(record) for record in records if record.seq < until]
            if not items:
                return until
            self._write(items)
            return items[-1][0].seq + 1

    def _unusable(self, seqs: set[int] | None, reason: str | None) -> list[int]:
        rows = self._telemetry.query(
            "select seq, reason from applied where outcome in (?, ?) order by seq",
            [Outcome.REFUSED.value, Outcome.GENERIC.value],
        )
        pairs = zip(rows.get("seq", ()), rows.get("reason", ()), strict=True)
        return [
            seq
            for seq, why in pairs
            if (seqs is None or seq in seqs) and (reason is None or reason in why)
        ]

    def _records(self, from_seq: int, limit: int) -> list[LedgerRecord]:
        """The next records, bounded by number and bytes."""
        records: list[LedgerRecord] = []
        room = self._settings.max_bytes
        for record in self._ledger.read(from_seq, limit=limit):
            records.append(record)
            room -= len(record.body)
            if room <= 0:
                break
        return records

    def _judged(self, record: LedgerRecord) -> _Item:
        decoded = self._handoff.take(record.seq) if self._handoff is not None else None
        duplicate_of = self._ledger.duplicate_of(record.seq)
        try:
            with guarded(f"record {record.seq}"):
                applied, parsed = self._judge.judge(
                    record, duplicate_of=duplicate_of, decoded=decoded
                )
        except ForeignCodeFailed as error:
            # A bug must not stop the records behind this one; a replay finds it after the fix.
            log.exception("record %d could not be judged", record.seq)
            return record, refused(record, str(error)), Parsed()
        return record, applied, parsed

    def _write(self, items: Sequence[_Item]) -> None:
        """One transaction; when the store refuses it, one record at a time, to find the bad one."""
        pairs = [(applied, parsed.batch) for _, applied, parsed in items]
        try:
            self._write_pairs(pairs)
        except (RetryLater, MemoryError):
            raise
        except OpsweaveError:
            log.warning("a batch was refused by the store; its records follow one by one")
            for applied, batch in pairs:
                self._write_alone(applied, batch)

    def _write_alone(self, applied: Applied, batch: Batch) -> None:
        try:
            self._write_pairs([(applied, batch)])
        except RetryLater:
            raise
        except OpsweaveError as error:
            log.exception("record %d cannot be stored", applied.seq)
            refused = Applied(
                seq=applied.seq,
                door=applied.door,
                tenant=applied.tenant,
                outcome=Outcome.REFUSED,
                reason=f"the store refused it: {error}"[:500],
            )
            self._write_pairs([(refused, Batch())])

    def _write_pairs(self, pairs: Sequence[tuple[Applied, Batch]]) -> None:
        with guarded("telemetry.write"):
            self._telemetry.write(pairs, recorded_ns=self._clock.now_ns())

    def _deliver(self) -> None:
        """Hand facts on, in order. RetryLater leaves the rest for the next time."""
        while self._undelivered:
            record, applied, parsed = self._undelivered[0]
            if applied.outcome in _WITH_FACTS:
                try:
                    with guarded(f"sink of record {record.seq}"):
                        self._sink(parsed, record)
                except RetryLater:
                    raise
                except OpsweaveError:
                    self._failures += 1
                    log.exception("the facts of record %d were not delivered", record.seq)
            self._undelivered.pop(0)

    def _run(self) -> None:
        recovered = False
        while not self._stop.is_set():
            pause = self._settings.linger_s
            try:
                if not recovered:
                    self.recover()
                    recovered = True
                self._waiting = ""
                if self.step() >= self._settings.max_records:
                    continue
            except RetryLater as error:
                self._waiting, pause = str(error), error.after_s
            except (OpsweaveError, OSError) as error:
                self._waiting, pause = str(error), 5.0
                log.exception("the pump could not go on; it tries again")
            self._wake.wait(pause)
            self._wake.clear()
            if not self._stop.is_set():
                self._ledger.wait(self._next, _IDLE_S)
