"""What becomes of one ledger record: parsed, or refused, or kept as a generic event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from opsweave.facts.event import Event
from opsweave.integrations.contract import Parsed, Parser, Payload
from opsweave.kernel.boundary import ForeignCodeFailed, guarded
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import content_hash
from opsweave.record.ledger.port import LedgerRecord, Outcome
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import EVENTS
from opsweave.server.doors.desk import ENCODING_HEADER
from opsweave.server.doors.discover import door_of

_MAX_REASON = 500
_MAX_TEXT = 4096
Judged = tuple[Applied, Parsed]


class Judge:
    """Deterministic: the same record gives the same outcome on every replay."""

    def __init__(self, parsers: Mapping[str, Parser]) -> None:
        self._parsers = parsers

    def judge(
        self, record: LedgerRecord, *, duplicate_of: int | None, decoded: Parsed | None = None
    ) -> Judged:
        """The outcome and the facts; ``decoded`` is what the door has parsed already."""
        if duplicate_of is not None:
            reason = f"the same body as record {duplicate_of}"
            return _applied(record, Outcome.DEDUPLICATED, reason), Parsed()
        if record.headers.get(ENCODING_HEADER):
            return _applied(record, Outcome.REFUSED, "the content encoding is damaged"), Parsed()
        if decoded is None:
            try:
                decoded = self._parse(record)
            except (RejectInput, ForeignCodeFailed) as error:
                return self._unusable(record, str(error))
        return _stored(record, decoded)

    def _parse(self, record: LedgerRecord) -> Parsed:
        parser = self._parsers.get(record.door) or self._parsers.get(record.door.partition(":")[0])
        if parser is None:
            raise RejectInput(f"no integration reads {record.door}", field="door")
        with guarded(f"parser of {record.door}"):
            return parser(
                Payload(
                    door=record.door,
                    content_type=record.content_type,
                    body=record.body,
                    received_ns=record.received_ns,
                    seq=record.seq,
                    tenant=record.tenant,
                    headers=record.headers,
                )
            )

    @staticmethod
    def _unusable(record: LedgerRecord, reason: str) -> Judged:
        """Refused where the sender was told so, else a generic event."""
        door = door_of(record.door)
        if door is None or door.decodes:
            return _applied(record, Outcome.REFUSED, reason), Parsed()
        event = Event(
            id=f"event-{content_hash(record.door, str(record.seq))}",
            tenant=record.tenant,
            source=record.door,
            kind="unparsed",
            at_ns=record.received_ns,
            observed_ns=record.received_ns,
            says=f"a body of {len(record.body)} bytes that no parser understood",
            generic=True,
            reason=reason[:_MAX_REASON],
            body={"text": record.body[:_MAX_TEXT].decode("utf-8", "replace")},
        )
        return _stored(record, Parsed(events=[event]))


def _stored(record: LedgerRecord, parsed: Parsed) -> Judged:
    if parsed.events:
        parsed.events = [
            msgspec.structs.replace(event, ledger_seq=record.seq) for event in parsed.events
        ]
        parsed.batch.tables = {**parsed.batch.tables, "events": event_columns(parsed.events)}
    generic = next((event for event in parsed.events if event.generic), None)
    outcome = Outcome.GENERIC if generic is not None else Outcome.STORED
    reason = generic.reason if generic is not None else "; ".join(parsed.rejected.reasons)
    rows = sum(parsed.batch.rows(table) for table in parsed.batch.tables)
    applied = _applied(record, outcome, reason)
    return msgspec.structs.replace(applied, rows=rows, rejected_rows=parsed.rejected.n), parsed


def refused(record: LedgerRecord, reason: str) -> Applied:
    """The outcome of a record that nothing could be made of."""
    return _applied(record, Outcome.REFUSED, reason)


def _applied(record: LedgerRecord, outcome: Outcome, reason: str) -> Applied:
    return Applied(
        seq=record.seq,
        door=record.door,
        outcome=outcome,
        reason=reason[:_MAX_REASON],
        tenant=record.tenant,
    )


def event_columns(events: Sequence[Event]) -> dict[str, Sequence[Any]]:
    """Events as the columns of the table ``events``."""
    columns: dict[str, list[Any]] = {name: [] for name in EVENTS}
    for event in events:
        columns["ts"].append(event.at_ns)
        columns["id"].append(event.id)
        columns["source"].append(event.source)
        columns["kind"].append(event.kind)
        columns["entity"].append(event.entity)
        columns["says"].append(event.says)
        columns["generic"].append(event.generic)
        columns["reason"].append(event.reason)
        columns["body"].append(msgspec.json.encode(event.body, order="sorted").decode())
    return dict(columns)
