"""Facts that change under transactions: incidents, runs, alerts, approvals, changes, audit."""

from opsweave.record.state.port import AuditEntry, StateStore

__all__ = ["AuditEntry", "StateStore"]
