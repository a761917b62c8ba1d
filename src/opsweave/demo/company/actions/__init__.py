"""What the platform can do, and to whom."""

from __future__ import annotations

from collections.abc import Callable

from opsweave.demo.company.actions import data, releases, running, switches
from opsweave.demo.company.actions.plan import Call, Desk, Plan
from opsweave.demo.company.spec import SERVICES

Prepare = Callable[[Desk, Call], Plan]
ACTIONS: dict[str, Prepare] = {
    "deploy": releases.deploy,
    "roll_back": releases.roll_back,
    "configure": releases.configure,
    "revert_configuration": releases.revert_configuration,
    "switch_flag": switches.switch_flag,
    "restart": running.restart,
    "scale": running.scale,
    "purge_logs": running.purge_logs,
    "stop_job": running.stop_job,
    "open_breaker": switches.open_breaker,
    "close_breaker": switches.close_breaker,
    "rotate_credential": switches.rotate_credential,
    "quarantine_data": data.quarantine_data,
    "release_data": data.release_data,
    "switch_model_alias": data.switch_model_alias,
}
DEVELOPERS_ONLY = ("configure",)
_ANY = ("deploy", "roll_back", "revert_configuration", "switch_flag", "restart", "purge_logs")
OFFERS: dict[str, tuple[str, ...]] = {
    **{role: (*_ANY, "scale") for role in SERVICES if role != "orders"},
    "orders": _ANY,
    "warehouse": (*_ANY, "stop_job"),
    "features": ("quarantine_data", "release_data"),
    "model": ("switch_model_alias",),
}
OFFERS["payment"] += ("open_breaker", "close_breaker", "rotate_credential")
