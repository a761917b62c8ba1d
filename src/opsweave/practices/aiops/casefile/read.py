"""A case folder as a dossier."""

from __future__ import annotations

import gzip
import json
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opsweave.analysis.causality.dossier import (
    CaseAlert,
    CaseChange,
    Dossier,
    ReleaseStep,
    Window,
)
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.casefile.tables import read_lines, read_metrics, read_spans

_MOST_BYTES = 256 * 1024 * 1024
"""Of a JSON file after decompression."""
_MOST_NS = 2**63


def read_case(folder: Path) -> Dossier:
    """The dossier of a case folder (its files are described in docs/causality.md).

    Raises RejectInput that names the file and field when one cannot be read.
    """
    if not folder.is_dir():
        raise RejectInput("is no folder", field=str(folder), action="name a case folder")
    about = _object(_json(folder, "case.json"), "case.json")
    metrics = read_metrics(folder / "metrics.parquet")
    lines = read_lines(folder / "logs.parquet")
    spans = read_spans(folder / "spans.parquet")
    graph = _object(_json(folder, "graph.json"), "graph.json")
    symptom = _object(about.get("symptom"), "symptom")
    seen: list[int] = []
    for times in (metrics.times_ns, lines.times_ns, spans.times_ns):
        if len(times):
            seen += [int(times.min()), int(times.max())]
    changes = _objects(_json(folder, "changes.json"), "changes.json")
    diffs = _object(_json(folder, "diffs.json"), "diffs.json")
    state = _object(_json(folder, "k8s_state.json"), "k8s_state.json")
    start = _time(about.get("start"), "start")
    end = _time(about.get("end"), "end")
    incident = about.get("incident")
    return Dossier(
        start_ns=start if start is not None else min(seen, default=0),
        end_ns=end if end is not None else max(seen, default=0),
        onset_ns=_time(about.get("onset"), "onset"),
        reference=tuple(
            _window(w, "reference") for w in _list(about.get("reference"), "reference")
        ),
        incident=_window(incident, "incident") if incident else None,
        symptom_entity=str(symptom.get("entity") or ""),
        symptom_indicator=str(symptom.get("indicator") or ""),
        question=str(about.get("question") or ""),
        answer_kinds=frozenset(map(str, _list(about.get("answer_kinds"), "answer_kinds"))),
        metrics=metrics,
        lines=lines,
        spans=spans,
        nodes=dict(map(_node, _list(graph.get("nodes"), "graph.json nodes"))),
        edges=tuple(map(_edge, _list(graph.get("edges"), "graph.json edges"))),
        changes=tuple(_change(c, diffs) for c in changes),
        alerts=tuple(map(_alert, _objects(_json(folder, "alerts.json"), "alerts.json"))),
        state={k: str(v) for k, v in state.items()},
        log_patterns=tuple(_patterns(_json(folder, "log_patterns.json"))),
    )


def _json(folder: Path, name: str) -> Any:
    """The document, gzipped or not; None when it is absent."""
    path, packed = folder / name, folder / f"{name}.gz"
    try:
        if path.exists():
            raw = path.read_bytes()
        elif packed.exists():
            with gzip.open(packed) as file:
                raw = file.read(_MOST_BYTES + 1)
        else:
            return None
        if len(raw) > _MOST_BYTES:
            raise RejectInput(f"is larger than {_MOST_BYTES} bytes", field=name)
        return json.loads(raw)
    except (ValueError, RecursionError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RejectInput(f"is no JSON: {error}", field=name) from error


def _object(found: Any, field: str) -> dict[str, Any]:
    if found is None or found == "":
        return {}
    if not isinstance(found, dict):
        raise RejectInput("is no object", field=field, action="see docs/causality.md")
    return found


def _list(found: Any, field: str) -> list[Any]:
    if found is None or found == "":
        return []
    if not isinstance(found, list):
        raise RejectInput("is no list", field=field, action="see docs/causality.md")
    return found


def _objects(found: Any, field: str) -> list[dict[str, Any]]:
    return [_object(entry, f"{field}[{at}]") for at, entry in enumerate(_list(found, field))]


def _node(node: Any) -> tuple[str, str]:
    """As an object, or as a name."""
    if isinstance(node, str):
        return node, ""
    found = _object(node, "graph.json nodes")
    if found.get("id") is None:
        raise RejectInput("a node has no id", field="graph.json nodes")
    return str(found["id"]), str(found.get("kind") or "")


def _edge(edge: Any) -> tuple[str, str, str]:
    """As a list, or as an object; without a kind it is a call."""
    if isinstance(edge, dict):
        edge = [edge.get("from"), edge.get("to"), edge.get("kind")]
    ends = [*_list(edge, "graph.json edges"), None, None, None][:3]
    if ends[0] is None or ends[1] is None:
        raise RejectInput("an edge needs from and to", field="graph.json edges")
    return str(ends[0]), str(ends[1]), str(ends[2] or "calls")


def _time(text: Any, field: str) -> int | None:
    """Nanoseconds of an ISO 8601 time; UTC where it names no zone."""
    if text is None or text == "":
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise RejectInput(f"{text!r} is no ISO 8601 time", field=field) from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    ns = round(at.timestamp() * 1000) * 1_000_000
    if not -_MOST_NS < ns < _MOST_NS:
        raise RejectInput(f"{text!r} is not between 1678 and 2262", field=field)
    return ns


def _window(window: Any, field: str) -> Window:
    ends = _list(window, field)
    if len(ends) != 2:
        raise RejectInput("a window is [from, to]", field=field, action="give two ISO 8601 times")
    first, last = (_time(t, field) for t in ends)
    if first is None or last is None:
        raise RejectInput("a window needs two times", field=field)
    return first, last


def _at(entry: Any, field: str) -> int:
    at = _time(entry.get("ts"), field)
    if at is None:
        raise RejectInput("an entry has no ts", field=field)
    return at


def _change(entry: Any, diffs: Any) -> CaseChange:
    id_ = str(entry.get("id") or "")
    steps = [
        ReleaseStep(
            at_ns=_at(step, "changes.json steps"),
            completed_ns=_time(step.get("completed"), "changes.json steps"),
            new=_names(step.get("new_pods")),
            removed=_names(step.get("removed_pods")),
        )
        for step in _objects(entry.get("steps"), "changes.json steps")
    ]
    return CaseChange(
        id=id_,
        at_ns=_at(entry, "changes.json"),
        kind=str(entry.get("kind") or ""),
        entity=str(entry.get("entity") or ""),
        summary=str(entry.get("summary") or ""),
        files=_names(entry.get("files")),
        author=str(entry.get("author") or ""),
        commits=_names(entry.get("commit")),
        version=str(entry.get("version") or ""),
        diff=_diff(diffs.get(id_)),
        steps=tuple(steps),
    )


def _names(found: Any) -> tuple[str, ...]:
    """Of a list, or the one that is given."""
    return tuple(map(str, found if isinstance(found, list) else [found] if found else []))


def _diff(found: Any) -> str:
    if isinstance(found, str) or found is None:
        return found or ""
    return json.dumps(found)


def _alert(entry: Any) -> CaseAlert:
    known = ("ts", "entity", "summary", "name", "severity", "indicator", "ends_at")
    return CaseAlert(
        at_ns=_at(entry, "alerts.json"),
        entity=str(entry.get("entity") or ""),
        summary=str(entry.get("summary") or ""),
        name=str(entry.get("name") or ""),
        severity=str(entry.get("severity") or ""),
        indicator=str(entry.get("indicator") or ""),
        ends_ns=_time(entry.get("ends_at"), "alerts.json"),
        attributes={k: v for k, v in entry.items() if k not in known},
    )


def _patterns(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        found = found.get("patterns") or [found]
    return [p for p in _list(found, "log_patterns.json") if isinstance(p, dict)]
