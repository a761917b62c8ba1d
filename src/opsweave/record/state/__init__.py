"""Facts that change under transactions: incidents, runs, alerts, approvals, changes, audit."""

from opsweave.record.state.memory import MemoryState
from opsweave.record.state.port import AuditEntry, StateStore
from opsweave.record.state.slices import Slice, Where
from opsweave.record.state.sql_store import SqlState, sqlite_url

__all__ = ["AuditEntry", "MemoryState", "Slice", "SqlState", "StateStore", "Where", "sqlite_url"]
