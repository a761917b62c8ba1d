"""Alerts: Alertmanager's webhook, and the API by which Prometheus speaks to an Alertmanager."""

from __future__ import annotations

from opsweave.integrations.contract import Parsed
from opsweave.server.doors.table import WRONG_TYPE, Answer, Case, Door, Incoming, common_cases


def _ok(parsed: Parsed | None, incoming: Incoming, seq: int) -> Answer:
    return Answer(status=200, body=b"{}")


def _partly(status: int) -> Case:
    return Case(
        name="partly_bad",
        status=status,
        kept=True,
        outcome="stored",
        says="the good alerts are stored, the rest counted with reasons",
    )


DOORS = (
    Door(
        id="alertmanager",
        path="/webhooks/alertmanager",
        says="Alertmanager's webhook",
        accepts=("application/json",),
        decodes=False,
        cases=(
            *common_cases(
                success=Case(
                    name="good", status=202, kept=True, outcome="stored", says="a notification"
                ),
                undecodable=Case(
                    name="undecodable",
                    status=202,
                    kept=True,
                    outcome="generic",
                    says="no notification: kept as a generic event, and counted as one",
                ),
            ),
            _partly(202),
            WRONG_TYPE,
        ),
    ),
    Door(
        id="alerts",
        path="/api/v2/alerts",
        says="alerts as Prometheus sends them to an Alertmanager",
        accepts=("application/json",),
        answer=_ok,
        cases=(
            *common_cases(
                success=Case(
                    name="good", status=200, kept=True, outcome="stored", says="an array of alerts"
                ),
                undecodable=Case(
                    name="undecodable",
                    status=400,
                    kept=True,
                    outcome="refused",
                    says="no array of alerts",
                ),
            ),
            _partly(200),
            WRONG_TYPE,
        ),
    ),
)
