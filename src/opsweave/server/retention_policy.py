"""How long what is kept: ``retention.yaml`` in the configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.record.telemetry.sealed import Closing, Keep
from opsweave.runs.documents import read_document
from opsweave.server.settings import DAY_S, MIB

FILE = "retention.yaml"
Positive = Annotated[float, msgspec.Meta(gt=0.0)]
Days = Annotated[float, msgspec.Meta(ge=0.0, le=100_000.0)]
Megabytes = Annotated[int, msgspec.Meta(ge=0, le=1 << 30)]


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is not said is taken from the next wider place."""

    days: Days | None = None
    mb: Megabytes | None = None
    """Of sealed files; the oldest go first."""


class Signals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One limit for each kind of telemetry."""

    points: Limit = Limit()
    points_5m: Limit = Limit()
    """What points become before they go; 0 days: nothing."""
    logs: Limit = Limit()
    spans: Limit = Limit()
    events: Limit = Limit()
    outcomes: Limit = Limit()
    """What became of each payload (the table ``applied``)."""


_DEFAULTS = Signals(
    points=Limit(mb=20_480),
    points_5m=Limit(days=90, mb=4_096),
    logs=Limit(mb=10_240),
    spans=Limit(mb=10_240),
    outcomes=Limit(days=30),
)
_SIGNAL = {"applied": "outcomes"}


class RetentionPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. What it does not say stays as it is without one."""

    live_hours: Positive = 2.0
    """Telemetry stays in the DuckDB file at least so long."""
    segment_hours: Positive = 6.0
    """A sealed segment covers so much time ..."""
    segment_rows: Annotated[int, msgspec.Meta(ge=1)] = 5_000_000
    """... or so many rows."""
    check_s: Positive = 60.0
    """How often it is looked whether something is due."""
    signals: Signals = Signals()
    tenants: dict[str, Signals] = {}
    """Instead of ``signals``, for some tenants."""

    def closing(self, now_ns: int, before_seq: int) -> Closing:
        """What is due to be sealed now; whatever is older than ``before_seq``, too."""
        return Closing(
            now_ns=now_ns,
            live_ns=int(self.live_hours * 3600 * SECOND),
            segment_ns=max(1, int(self.segment_hours * 3600 * SECOND)),
            most_rows=self.segment_rows,
            before_seq=before_seq,
        )

    def keep(self, table: str, tenant: str, *, keep_days: float) -> Keep:
        """The limits of one table and tenant; ``keep_days`` is the server's own setting."""
        signal = _SIGNAL.get(table, table)
        places = [self.tenants[tenant]] if tenant in self.tenants else []
        said = [getattr(place, signal) for place in (*places, self.signals, _DEFAULTS)]
        days = next((limit.days for limit in said if limit.days is not None), keep_days)
        mb = next((limit.mb for limit in said if limit.mb is not None), None)
        return Keep(
            age_ns=int(days * DAY_S) * SECOND,
            size=None if mb is None else mb * MIB,
        )


def load_retention(path: Path) -> RetentionPolicy:
    """The file's policy, the default one without a file. RejectInput names the field."""
    if not path.exists():
        return RetentionPolicy()
    try:
        return read_document(path, RetentionPolicy)
    except RejectInput as error:
        raise RejectInput(error.says, field=error.field, action="see docs/storage.md") from error
