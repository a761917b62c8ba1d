"""Writes a result: JSON for machines, a page for people, charts beside it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.bench.page.chart import charts
from opsweave.bench.page.markdown import page
from opsweave.bench.result import Dataset, Result

_OURS = "opsweave"


def write(result: Result, folder: Path) -> list[Path]:
    """Files written: ``<bench>.json``, ``<bench>.md`` and one chart a figure."""
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / f"bench-{result.bench}"
    pictures = charts(result)
    texts = {
        base.with_suffix(".json"): _json(result),
        base.with_suffix(".md"): _with_pictures(page(result), [n for n, _ in pictures]),
        **{folder / name: drawn for name, drawn in pictures},
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def read(path: Path) -> Result:
    """A result that was written before."""
    return msgspec.json.decode(path.read_bytes(), type=Result)


def _json(result: Result) -> str:
    """One line a case, so that a change of one is a change of one line."""
    slim = [d if d.method.startswith(_OURS) else _without_cases(d) for d in result.datasets]
    kept = msgspec.structs.replace(result, datasets=slim)
    text = msgspec.json.format(msgspec.json.encode(kept), indent=0).decode()
    return text.replace("\n", " ").replace('{ "name":', '\n{ "name":') + "\n"


def _without_cases(found: Dataset) -> Dataset:
    """Of peers the figures are kept, not each case: the record stays small."""
    return msgspec.structs.replace(found, cases=[])


def _with_pictures(text: str, names: list[str]) -> str:
    if not names:
        return text
    return text + "\n" + "\n".join(f"![{name}]({name})" for name in names) + "\n"
