"""Hosts and services of others that fail, by what our own say of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.complaints import Complaint
from opsweave.analysis.causality.clues.changes.scene import Scene

_TOP = r"(?:com|net|org|io|cloud|dev|ai|co|eu|uk|de|jp|gov|edu)(?![\w.])"
_HOST = re.compile(
    rf"(?:(?<=://)|\b(?=(?:[a-z0-9-]+\.){{2}}))(?:[a-z0-9-]+\.)+{_TOP}", re.IGNORECASE
)
_OURS = re.compile(
    r"\.(svc|local|internal|cluster|lan|intra|corp)\b|"
    r"(^|[.-])(rds|elasticache|redis|memcached?|postgres(ql)?|mysql|maria(db)?|mongo(db)?|cassandra|"
    r"kafka|msk|rabbit(mq)?|opensearch|elastic|cosmos|documentdb|redshift|aurora|sql|db|database)"
    r"[0-9]*([.-]|$)",
    re.IGNORECASE,
)
"""Names of our own network, and of stores that others run but only we use."""
_KEY = re.compile(
    r"\b(?:peer\.service|net\.peer\.name|server\.address|http\.host|url\.domain|upstream\.host|"
    r"provider|vendor|third.?party|dependency|target\.host)=([\w.:/-]{3,80})",
    re.IGNORECASE,
)
_VENDOR = re.compile(
    r"\b(stripe|paypal|adyen|braintree|klarna|twilio|sendgrid|mailgun|mailchimp|ses|sns|okta|auth0|"
    r"cloudflare|fastly|akamai|datadog|pagerduty|salesforce|hubspot|zendesk|shopify|plaid|fedex|dhl|"
    r"github|gitlab|slack|openai|anthropic|snowflake|bigquery|firebase|mapbox|google maps|s3|gcs|"
    r"azure|third.?party|(payment|e?mail|sms|map|shipping|identity|cloud|cdn|dns) provider)\b",
    re.IGNORECASE,
)
_OWN_WORD = re.compile(
    r"\b50[0-4]\b|service.?unavailable|internal ?(server )?error|bad gateway|slow ?down|"
    r"temporarily unavailable|gateway timeout|overloaded|maintenance|outage|degraded",
    re.IGNORECASE,
)
"""The other says itself that it cannot."""
_NO_ANSWER = re.compile(
    r"time[d]? ?out|deadline exceeded|connection (reset|refused)|econnreset|unreachable",
    re.IGNORECASE,
)
_SURE, _SILENT, _MORE_CALLERS = 2.0, 0.8, 1.2


class Peer(NamedTuple):
    """Somebody else's service that fails for these entities of ours."""

    name: str
    nats: float
    callers: tuple[str, ...]
    text: str


def peers(said: Sequence[Complaint], scene: Scene) -> list[Peer]:
    """Others that fail, the more likely by their own word, and for several of us at once."""
    callers: dict[str, set[str]] = defaultdict(set)
    loud: dict[str, tuple[float, str]] = {}
    ours = {_bare(e) for e in scene.dossier.nodes} | {_bare(c.entity) for c in said}
    for c in said:
        sure = bool(_OWN_WORD.search(c.whole))
        if not sure and not _NO_ANSWER.search(c.whole):
            continue
        for name in _others(c, ours):
            callers[name].add(scene.reach.whole(c.entity))
            loud[name] = max(loud.get(name, (0.0, "")), (_SURE if sure else _SILENT, c.text))
    return [
        Peer(
            name, loud[name][0] + _MORE_CALLERS * (len(who) > 1), tuple(sorted(who)), loud[name][1]
        )
        for name, who in sorted(callers.items())
    ]


def _others(complaint: Complaint, ours: set[str]) -> set[str]:
    """Hosts, peers and vendors that a complaint names and that are none of our entities."""
    text = complaint.whole
    hosts = {_registered(h) for h in _HOST.findall(text) if not _OURS.search(h)}
    if hosts:
        return hosts
    named = {n.lower() for n in _KEY.findall(complaint.attributes) if not _OURS.search(n)}
    named |= {m.group(1).lower() for m in _VENDOR.finditer(text)}
    return {n for n in named if not any(o in _bare(n) or _bare(n) in o for o in ours if o)}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _registered(host: str) -> str:
    return ".".join(host.lower().split(".")[-2:])
