"""Files of alerts and of graphs, as ``opsweave correlate`` takes them."""

from __future__ import annotations

import codecs
import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from opsweave.analysis.correlation import Grouped, Item, Topology
from opsweave.analysis.correlation.documents import item_of, joined, unwrapped
from opsweave.analysis.correlation.names import Names
from opsweave.facts import Alert
from opsweave.kernel.errors import RejectInput

MOST_NAMED = 20
"""Bad lines that are named; all are counted."""
_GZIP = b"\x1f\x8b"


class AlertFile(msgspec.Struct, kw_only=True):
    """What a file held."""

    items: dict[str, Item] = {}
    """Alerts by id, in the order of the file."""
    where: dict[int, str] = {}
    """Alert of a line that holds one."""
    path: Path
    lines: int = 0
    repeated: int = 0
    """Lines of an alert that was there already: repeated, or resolved."""
    rejected: int = 0
    bad: list[tuple[int, str]] = []
    """(line, what is wrong) of the first bad ones."""


def read_alerts(path: Path, topology: Topology) -> AlertFile:
    """Every alert of a file. Raises RejectInput when it has lines and none of them is an alert."""
    names, found = Names(topology.entities()), AlertFile(path=path)
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                found.lines += 1
                _take(found, number, line, names)
    if found.rejected and not found.items:
        number, says = found.bad[0]
        raise RejectInput(f"no alert could be read; line {number}: {says}", field=str(path))
    return found


def read_topology(path: Path | None) -> Topology:
    """Of a catalog, or of ``{"nodes": [{"id", "kind"}], "edges": [[from, to, kind]]}``."""
    if path is None:
        return Topology()
    try:
        content = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RejectInput(f"not UTF-8: {error}", field=str(path)) from error
    if path.suffix == ".json" or content.lstrip().startswith("{"):
        return _graph(content, path)
    from opsweave.integrations.backstage.catalog import parse_catalog

    entities, relations = parse_catalog(content)
    edges = [(one.source, one.target, one.kind.value) for one in relations]
    return Topology([entity.ref for entity in entities], edges)


def write_grouped(path: Path, found: AlertFile, incidents: Sequence[Grouped]) -> None:
    """Each line that held an alert, with all its fields and the incident's id."""
    home = {alert: one.id for one in incidents for alert in one.alerts}
    with opened(found.path) as file, path.open("w", encoding="utf-8") as out:
        for number, line in enumerate(file, 1):
            if alert := found.where.get(number):
                document = json.loads(line.removeprefix(codecs.BOM_UTF8))
                document = document if isinstance(document, dict) else {"alerts": document}
                out.write(json.dumps({**document, "incident": home[alert]}) + "\n")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, unpacked when it is packed; ``-`` is standard input."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as unpacked:
            yield unpacked  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RejectInput(
            f"no whole gzip file ({error})", field=str(path), action="unpack it again"
        ) from error


def _take(found: AlertFile, number: int, line: bytes, names: Names) -> None:
    try:
        documents = unwrapped(msgspec.json.decode(line.removeprefix(codecs.BOM_UTF8)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _reject(found, number, f"not JSON: {error}")
        return
    for document in documents:
        try:
            item = _item(document, names)
        except RejectInput as error:
            _reject(found, number, str(error))
            continue
        known = found.items.get(item.id)
        found.repeated += known is not None
        found.items[item.id] = item if known is None else joined(known, item)
        found.where[number] = item.id


def _item(document: Any, names: Names) -> Item:
    if isinstance(document, dict) and "started_ns" in document and "fingerprint" in document:
        return _own(document)
    return item_of(document, names)


def _own(document: dict[str, Any]) -> Item:
    """Opsweave's own alert says more: of whom it speaks, and of what nature it is."""
    from opsweave.practices.aiops.stages.grouping import item_of as own_item_of

    try:
        return own_item_of(msgspec.convert(document, Alert))
    except msgspec.ValidationError as error:
        raise RejectInput(f"not Opsweave's alert: {error}", field="line") from error


def _reject(found: AlertFile, number: int, says: str) -> None:
    found.rejected += 1
    if len(found.bad) < MOST_NAMED:
        found.bad.append((number, says))


def _graph(content: str, path: Path) -> Topology:
    try:
        document = json.loads(content)
        nodes = [
            str(one["id"] if isinstance(one, dict) else one) for one in document.get("nodes") or ()
        ]
        edges = [_edge(one) for one in document["edges"] or ()]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise RejectInput(
            f"not a graph: {error}",
            field=str(path),
            action='write {"nodes": [{"id": "a"}], "edges": [["a", "b", "calls"]]}',
        ) from error
    return Topology(nodes, edges)


def _edge(edge: Any) -> tuple[str, str, str]:
    if isinstance(edge, dict):
        source, target = edge.get("from") or edge["source"], edge.get("to") or edge["target"]
        return str(source), str(target), str(edge.get("kind") or edge.get("type") or "calls")
    return str(edge[0]), str(edge[1]), str((edge[2] if len(edge) > 2 else "") or "calls")
