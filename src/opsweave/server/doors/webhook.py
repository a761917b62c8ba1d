"""Webhooks of any tool, under the name of their source."""

from __future__ import annotations

import re

from opsweave.server.doors.table import Case, Door, Incoming, Kept, common_cases

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_MAX_NAME = 64


def _keep(door: str, incoming: Incoming) -> Kept:
    """The source is part of the ledger's door: equal bodies of two sources are two events."""
    source = _UNSAFE.sub("-", str(incoming.path.get("source", "")))[:_MAX_NAME] or "unknown"
    return Kept(door=f"{door}:{source}", content_type=incoming.content_type, body=incoming.body)


DOORS = (
    Door(
        id="webhook",
        path="/webhooks/{source:str}",
        says="webhooks of any tool; `source` names it",
        decodes=False,
        keep=_keep,
        cases=(
            *common_cases(
                success=Case(
                    name="good", status=202, kept=True, outcome="stored", says="a JSON object"
                ),
                undecodable=Case(
                    name="undecodable",
                    status=202,
                    kept=True,
                    outcome="generic",
                    says="anything else: kept as a generic event, and counted as one",
                ),
            ),
        ),
    ),
)
