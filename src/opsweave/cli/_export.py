"""What the record holds around an incident, asked for over the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

PAGE = 10_000
SECOND = 1_000_000_000
_POINTS = """
    SELECT * EXCLUDE (before, counts),
           CASE WHEN NOT counts THEN raw WHEN raw >= before THEN raw - before
                WHEN before IS NOT NULL THEN raw END AS value
    FROM (
        SELECT ts, entity, split_part(entity, ':', 1) AS entity_kind,
               metric || CASE WHEN attributes IN ('', '{{}}') THEN '' ELSE attributes END
               AS metric, unit,
               kind = 'sum' AND temporality = 'cumulative' AND monotonic AS counts,
               CASE WHEN kind = 'histogram' THEN value / nullif(count, 0) ELSE value END AS raw,
               lag(value) OVER (
                   PARTITION BY entity, instance, points.metric, attributes ORDER BY ts
               ) AS before
        FROM points WHERE ts BETWEEN {first} AND {last}
    )
"""
_LOGS = """
    SELECT ts, entity,
           CASE WHEN severity >= 17 THEN 'ERROR' WHEN severity >= 13 THEN 'WARN'
                WHEN severity >= 9 THEN 'INFO' WHEN severity > 0 THEN 'DEBUG' ELSE '' END
           AS severity, body, trace_id, span_id, attributes
    FROM logs WHERE ts BETWEEN {first} AND {last}
"""
_SPANS = """
    SELECT ts, duration_ns // 1000 AS duration_us, trace_id, span_id, parent_id, entity,
           name AS operation, CASE WHEN error THEN 'ERROR' ELSE 'OK' END AS status, attributes
    FROM spans WHERE ts BETWEEN {first} AND {last}
"""
QUERIES = {"metrics.parquet": _POINTS, "logs.parquet": _LOGS, "spans.parquet": _SPANS}
_ORDER = {
    "metrics.parquet": "ts, entity, metric, value",
    "logs.parquet": "ts, entity, body, span_id",
    "spans.parquet": "ts, trace_id, span_id, entity",
}


class Ask(Protocol):
    """The API."""

    def get(self, path: str, **parameters: Any) -> Any: ...
    def post(self, path: str, body: dict[str, Any]) -> Any: ...


def window(incident: dict[str, Any], before_s: float) -> tuple[int, int]:
    """From ``before_s`` before the onset to the end of the incident, or to its last record."""
    last = max(
        incident.get("closed_ns") or 0,
        incident["opened_ns"],
        *(entry["at_ns"] for entry in incident["timeline"]),
    )
    return incident["started_ns"] - int(before_s * SECOND), last


def pages(ask: Ask, name: str, first: int, last: int) -> Iterator[dict[str, Sequence[Any]]]:
    """The rows of a table of the case, at most :data:`PAGE` at a time."""
    query = QUERIES[name].format(first=first, last=last)
    offset = 0
    while True:
        sql = f"SELECT * FROM ({query}) WHERE entity IS NOT NULL"
        sql += " AND value IS NOT NULL" if name == "metrics.parquet" else ""
        found = ask.post(
            "query", {"sql": f"{sql} ORDER BY {_ORDER[name]} LIMIT {PAGE} OFFSET {offset}"}
        )
        if found["rows"]:
            yield found["columns"]
        if found["rows"] < PAGE and not found["truncated"]:
            return
        offset += found["rows"]


def documents(ask: Ask, incident: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    """The JSON files of the case."""
    from opsweave.practices.aiops.casefile.write import iso

    alerts = [a for a in _all(ask, "alerts") if first <= a["started_ns"] <= last]
    own = set(incident["alerts"])
    symptoms = sorted(
        (a for a in alerts if a["id"] in own and a["symptom"]), key=lambda a: a["started_ns"]
    )
    changes = [c for c in _all(ask, "changes") if first - 1_800 * SECOND <= c["at_ns"] <= last]
    relations = ask.get("relations", limit=10_000, at=iso(incident["started_ns"]))["items"]
    names = {r[end] for r in relations for end in ("source", "target")}
    names |= {c["entity"] for c in changes if c["entity"]}
    symptom = symptoms[0] if symptoms else None
    return {
        "case.json": {
            "dataset": "opsweave",
            "system": incident["tenant"],
            "start": iso(first),
            "end": iso(last),
            "onset": iso(incident["started_ns"]),
            "symptom": symptom and {"entity": symptom["entity"], "indicator": symptom["indicator"]},
            "answer_kinds": [],
            "reference": [],
            "incident": [iso(incident["started_ns"]), iso(_acted(incident) or last)],
            "question": incident["title"],
        },
        "graph.json": {
            "nodes": [{"id": n, "kind": n.partition(":")[0]} for n in sorted(names)],
            "edges": sorted([r["source"], r["target"], r["kind"]] for r in relations),
        },
        "changes.json": [_change(c) for c in sorted(changes, key=lambda c: c["at_ns"])],
        "alerts.json": [_alert(a) for a in sorted(alerts, key=lambda a: a["started_ns"])],
    }


def _acted(incident: dict[str, Any]) -> int | None:
    """When the first cause was acted upon: what came after it is not of the incident alone."""
    explained: int | None = incident.get("explained_ns")
    return explained


def _all(ask: Ask, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask.get(path, limit=1000)["items"]
    return items


def _change(change: dict[str, Any]) -> dict[str, Any]:
    from opsweave.practices.aiops.casefile.write import iso

    kept = {k: v for k, v in change.items() if k not in {"at_ns", "id"} and v not in ("", None, [])}
    return {
        **kept,
        "id": change["id"],
        "ts": iso(change["at_ns"]),
        "kind": change["kind"],
        "entity": change["entity"],
        "summary": change["summary"],
        "files": change["files"],
        "author": change["author"],
        "commit": change["commits"],
        "version": change["version_to"],
    }


def _alert(alert: dict[str, Any]) -> dict[str, Any]:
    from opsweave.practices.aiops.casefile.write import iso

    ended = alert.get("ended_ns")
    return {
        "ts": iso(alert["started_ns"]),
        "ends_at": iso(ended) if ended else None,
        "entity": alert["entity"],
        "severity": alert["severity"],
        "name": alert.get("name", ""),
        "indicator": alert["indicator"],
        "summary": alert.get("summary") or alert.get("says", ""),
        "source": alert["source"],
    }
