"""Durable execution on DBOS: SQLite by default, PostgreSQL by its URL. See ADR 0002."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID

from opsweave.kernel.errors import Bug
from opsweave.runs.durable import Chain

APPLICATION = "opsweave-runs"
VERSION = "opsweave-runs-1"
"""Pinned: DBOS would else derive it from the source, and an edit would strand runs in flight.
Raise it only when the order of a chain's steps changes."""

_UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")

_chains: list[Chain] = []


class _Json(Serializer):
    """Step answers are text: nothing of ours is pickled."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "opsweave_json"


class _DbosSteps:
    """Steps of the workflow that runs in this thread."""

    def run(self, name: str, body: Callable[[], str]) -> str:
        return DBOS.run_step({"name": name}, body)


@DBOS.workflow(name="opsweave.run", max_recovery_attempts=None)
def _workflow(run_id: str) -> None:
    if _chains:
        _chains[0](_DbosSteps(), run_id)


class DbosDurable:
    """DBOS keeps one instance per process, so this does too."""

    def __init__(self, url: str) -> None:
        self._url = url

    def start(self, chain: Chain) -> None:
        """Open the database and take up pending runs."""
        if _chains:
            raise Bug("a process has one engine of runs")
        _quiet()
        launched = False
        _chains.append(chain)
        try:
            DBOS(config=_config(self._url))
            DBOS.launch()
            launched = True
        finally:
            if not launched:
                self.stop()

    def launch(self, run_id: str) -> bool:
        """Start the workflow unless DBOS knows it."""
        known = DBOS.get_workflow_status(run_id)
        if known is None:
            with SetWorkflowID(run_id):
                DBOS.start_workflow(_workflow, run_id)
        return known is None or known.status in _UNDER_WAY

    def stop(self) -> None:
        """Close the database; what was in progress stays pending."""
        if _chains:
            DBOS.destroy()
            _chains.clear()


def _config(url: str) -> DBOSConfig:
    old_sqlite = url.startswith("sqlite") and sqlite3.sqlite_version_info < (3, 42)
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": "opsweave",
        "log_level": "ERROR",
        "serializer": _Json(),
        "sys_db_pool_size": 8,
        "db_engine_kwargs": {"connect_args": {"factory": _WithClock}} if old_sqlite else {},
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 1.0,
        "scheduler_polling_interval_sec": 3600.0,
    }


class _WithClock(sqlite3.Connection):
    """SQLite before 3.42 has no ``unixepoch('subsec')``, which DBOS uses from Python 3.12 on."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.create_function("unixepoch", 1, lambda _: time.time())


def _quiet() -> None:
    """No console handler: its information lines carry a vendor's address."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
