"""A result as Markdown tables: one table a data set, a row a method and part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opsweave.bench.result import CHOSEN_HERE, Case, Dataset, Figure, Part, Result
from opsweave.bench.targets import reached

_WORST, _FAR = 20, 0.9
_INTERVALS = (
    "Intervals at 95 %: Wilson's for shares of cases, a bootstrap over cases otherwise. "
    "`dev` is the half on which choices were made, `report` the other, `all` both."
)


def page(result: Result) -> str:
    """The whole page of one benchmark."""
    lines = [f"# opsweave bench {result.bench}, measured", "", *_head(result), ""]
    lines += targets(result)
    for name in dict.fromkeys(found.dataset for found in result.datasets):
        lines += section([found for found in result.datasets if found.dataset == name])
    return "\n".join(lines).rstrip() + "\n"


def targets(result: Result) -> list[str]:
    """The pass lines, and what was reached."""
    rows = []
    for one in reached(result):
        line = f"{'<=' if one.target.most else '>='} {_number(one.target.line)}"
        values = ["" if v is None else _number(v) for v in (one.dev, one.report, one.whole)]
        name = f"{one.target.dataset}{one.target.suffix}"
        rows.append(
            _row([name, one.target.figure, line, *values, "met" if one.met else "**not met**"])
        )
    if not rows:
        return []
    head = ["data set", "figure", "pass line", "dev", "report", "all", ""]
    return ["## Pass lines", "", _row(head), _row(["---"] * len(head)), *rows, ""]


def section(methods: Sequence[Dataset]) -> list[str]:
    """All methods on one data set."""
    lines = [f"## {methods[0].dataset}", ""]
    protocol = next((found.protocol for found in methods if found.protocol), "")
    lines += [f"{protocol[:1].upper()}{protocol[1:]}.", ""] if protocol else []
    lines += [f"- {found.method}: skipped, {found.skipped}" for found in methods if found.skipped]
    rows = [(found.method, part) for found in methods for part in found.parts]
    lines += table("method", rows)
    for found in methods[:1]:
        if found.kinds:
            lines += [f"By fault, {found.method}:", "", *table("", [("", p) for p in found.kinds])]
    if any("† |" in line for line in lines):
        lines += [f"† {CHOSEN_HERE}.", ""]
    lines += _costs(methods)
    lines += _failures(methods)
    return lines


def table(first: str, rows: Sequence[tuple[str, Part]]) -> list[str]:
    """A Markdown table; nothing where there is no row."""
    if not rows:
        return []
    names = list(dict.fromkeys(name for _, part in rows for name in part.figures))
    head = [*([first] if first else []), "part" if first else "fault", "n", *names]
    lines = [_row(head), _row(["---"] * len(head))]
    for method, part in rows:
        cells = [_cell(part.figures.get(name)) for name in names]
        lines.append(_row([*([method] if first else []), part.name, str(part.n), *cells]))
    return [*lines, ""]


def _head(result: Result) -> list[str]:
    machine = result.machine
    changed = " with changes" if machine.get("changed") else ""
    settings = ", ".join(f"{name} {value}" for name, value in result.settings.items())
    where = (
        f"{result.at}; opsweave {machine['opsweave']}, commit {machine['commit']}{changed}; "
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"Python {machine['python']}. {settings}."
    )
    return [where, "", _INTERVALS]


def _cell(found: Figure | None) -> str:
    if found is None:
        return ""
    shown = _number(found.value)
    if found.low is not None and found.high is not None:
        shown += f" ({_number(found.low)} to {_number(found.high)})"
    if found.note == CHOSEN_HERE:
        return f"{shown} †"
    return f"{shown}, {found.note}" if found.note else shown


def _number(value: float) -> str:
    """Three digits behind the point for shares, fewer for what is large.

    >>> _number(0.12345), _number(54.321), _number(12345.6)
    ('.123', '54.3', '12,346')
    """
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if size < 1 else text


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _costs(methods: Sequence[Dataset]) -> list[str]:
    lines = [
        f"- {found.method}: {found.cost.seconds_median:.2f} s a case (median), at most "
        f"{found.cost.seconds_most:.1f} s and {found.cost.megabytes_most:.0f} MB."
        for found in methods
        if found.cost
    ]
    return [*lines, ""] if lines else []


def _failures(methods: Sequence[Dataset]) -> list[str]:
    lines = []
    for found in methods:
        named = [text for text in map(_miss, found.cases) if text]
        if named:
            more = f" and {len(named) - _WORST} more" if len(named) > _WORST else ""
            lines.append(f"- {found.method}, missed: {'; '.join(named[:_WORST])}{more}.")
    return [*lines, ""] if lines else []


def _miss(case: Case) -> str:
    """What is wrong with a case, in a few words; nothing when it is as it should be."""
    if case.failure:
        return f"`{case.name}` ({case.failure})"
    told = [say for say in (_rank(case), _windows(case), _groups(case)) if say]
    return f"`{case.name}` ({'; '.join(told)})" if told else ""


def _rank(case: Case) -> str:
    if case.figures.get("rank", 1) == 1:
        return ""
    rank = case.figures["rank"]
    fault = f"{case.fault}, " if case.fault else ""
    return fault + (f"right at {rank:.0f}" if rank else "right answer not named")


def _windows(case: Case) -> str:
    """Anomalies that no alarm told, and more false alarms than found ones."""
    wanted = case.figures.get("segments", case.figures.get("windows"))
    found, false = case.figures.get("found"), case.figures.get("false")
    if false is None and "episodes" in case.figures:
        false = (case.figures["episodes"] or 0) - (case.figures.get("right") or 0)
    told = []
    if wanted and found is not None and found < wanted:
        told.append(f"found {found:.0f} of {wanted:.0f}")
    if false and false > (found or 0):
        told.append(f"{false:.0f} false")
    return ", ".join(told)


def _groups(case: Case) -> str:
    """Templates that are far from the experts'."""
    low = [n for n in ("GA", "FTA") if (case.figures.get(n) or 1.0) < _FAR]
    return ", ".join(f"{name} {_number(case.figures[name] or 0.0)}" for name in low)
