"""``explore/logs``: how many lines of which level, their templates over time, and the lines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from opsweave.analysis.logs.miner import TemplateMiner
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import (
    Cell,
    Column,
    Health,
    Line,
    Log,
    LogLine,
    Proof,
    Row,
    Section,
    Series,
    State,
    Table,
)
from opsweave.pages.links import entity_to, trace_to
from opsweave.server.explore.asked import (
    Asked,
    condition,
    filter_form,
    language_note,
    nothing,
)
from opsweave.server.explore.frame import QUERY_S, Telemetry, in_time, rows, spread
from opsweave.server.explore.where import LOGS, Condition, words_in
from opsweave.server.mask import masked

MOST_MINED = 5000
LONGEST = 2000
"""Characters of a line that are read: one may have megabytes, and thousands are read at once."""
PAGE = 200
_TOP = 50
_LONGEST_TEMPLATE = 500
_LEVELS = ("trace", "debug", "info", "warn", "error", "fatal")
_HEALTH = {"warn": Health.WARNING, "error": Health.BAD, "fatal": Health.BAD}


def level_of(severity: int) -> str:
    """The word of an OpenTelemetry severity number, '' for none.

    >>> level_of(17), level_of(10), level_of(0)
    ('error', 'info', '')
    """
    return _LEVELS[min((severity - 1) // 4, 5)] if severity > 0 else ""


def shown(body: str, length: int) -> str:
    """The beginning of a line with secrets covered, and how much is not shown."""
    left_out = length - len(body)
    return masked(body) + (f" … ({left_out:,} more characters)" if left_out > 0 else "")


def sections(telemetry: Telemetry, now: Asked, after: str) -> tuple[Section, ...]:
    """All sections of the page; ``after`` is where older lines begin."""
    now, found = condition(now, LOGS, words_in("body"))
    form = filter_form(now, ("entity", "severity", "trace", "span", "instance", "body"))
    if now.refused:
        return (Section(id="ask", widgets=(form,)), language_note())
    held = in_time(found, now.span)
    counted = _counts(telemetry, now, held)
    lines, following, templates = _lines(telemetry, now, held, after)
    return (
        Section(id="ask", widgets=(form,)),
        Section(id="volume", widgets=(counted,)),
        Section(id="templates", title="Templates", widgets=(templates,)),
        Section(id="lines", title="Lines", widgets=(_log(now, lines, following),)),
        language_note(),
    )


def _counts(telemetry: Telemetry, now: Asked, held: Condition) -> Series:
    found = telemetry.query(
        "SELECT (ts - ?) // ? AS bucket, severity, count(*) AS n FROM logs "
        f"WHERE {held.sql} GROUP BY ALL",
        (now.span.since_ns, now.span.step_ns, *held.parameters),
        timeout_s=QUERY_S,
    )
    levels: dict[str, Counter[int]] = {}
    for row in rows(found):
        level = level_of(row["severity"]) or "no level"
        levels.setdefault(level, Counter())[row["bucket"]] += row["n"]
    order = [*_LEVELS, "no level"]
    first = min((bucket for counter in levels.values() for bucket in counter), default=0)
    lines = tuple(
        Line(
            name=level,
            y=spread(levels[level], now.span, zero_from=first),
            health=_health(level),
        )
        for level in sorted(levels, key=order.index)
    )
    missing, remedy = nothing(now, "log lines")
    total = sum(sum(counter.values()) for counter in levels.values())
    return Series(
        id="volume",
        title="Lines",
        says=f"{_many(total, 'line')}, by level, per {now.span.seconds:g} s",
        x_ms=now.span.x_ms(),
        lines=lines,
        state=State.OK if total else State.EMPTY,
        missing=missing,
        remedy=remedy,
        proof=Proof(says="Counted over all lines under the filter.", n=total),
        topics=("telemetry",),
    )


def _lines(
    telemetry: Telemetry, now: Asked, held: Condition, after: str
) -> tuple[list[dict[str, Any]], str, Table]:
    """A page of lines (newest first), where the next begins, and the templates of them all."""
    found = telemetry.query(
        f"SELECT ts, entity, severity, left(body, {LONGEST}) AS body, length(body) AS length, "
        "trace_id, ledger_seq FROM logs "
        f"WHERE {held.sql} ORDER BY ts DESC, ledger_seq DESC",
        held.parameters,
        limit=MOST_MINED,
        timeout_s=QUERY_S,
    )
    newest = list(rows(found))
    miner = TemplateMiner(max_templates=1000)
    for row in newest:
        row["template"] = miner.add(row["body"]).id
    miner.settle(last=True)
    first = int(after) if after.isdecimal() and len(after) <= len(str(MOST_MINED)) else 0
    for row in newest:
        row["template"] = miner.merged_into(row["template"])
        row["text"] = miner.text_of(row["template"])[:LONGEST]
    following = str(first + PAGE) if first + PAGE < len(newest) else ""
    return newest[first : first + PAGE], following, _templates(now, newest)


def _templates(now: Asked, newest: list[dict[str, Any]]) -> Table:
    counts = Counter(row["template"] for row in newest)
    by: dict[str, Counter[int]] = {}
    last: dict[str, dict[str, Any]] = {}
    for row in newest:
        bucket = (row["ts"] - now.span.since_ns) // now.span.step_ns
        by.setdefault(row["template"], Counter())[bucket] += 1
        last.setdefault(row["template"], row)
    made = [_template_row(now, last[one], n, by[one]) for one, n in counts.most_common(_TOP)]
    seen = f"the newest {len(newest):,}" if len(newest) == MOST_MINED else f"all {len(newest):,}"
    missing, remedy = nothing(now, "log lines")
    return Table(
        id="templates",
        title="Templates",
        says=f"{_many(len(counts), 'template')} of {seen} lines, the most frequent first",
        columns=(
            Column(key="n", title="Lines", shows="number"),
            Column(key="over", title="Over time", shows="sparkline", hide_on_phone=True),
            Column(key="level", title="Level", shows="health"),
            Column(key="template", title="Template", shows="code"),
            Column(key="entity", title="Last seen at", shows="entity", hide_on_phone=True),
        ),
        rows=tuple(made),
        total=len(counts),
        state=State.OK if made else State.EMPTY,
        missing=missing,
        remedy=remedy,
        topics=("telemetry",),
    )


def _template_row(now: Asked, row: dict[str, Any], n: int, by: Counter[int]) -> Row:
    level = level_of(row["severity"])
    return Row(
        id=row["template"],
        cells={
            "n": Cell(value=n),
            "over": Cell(trend=spread(by, now.span, zero_from=min(by))),
            "level": Cell(value=level or None, health=_health(level)),
            "template": Cell(value=masked(row["text"][:_LONGEST_TEMPLATE])),
            "entity": Cell(
                value=row["entity"], to=row["entity"] and now.to(entity_to(row["entity"]))
            ),
        },
    )


def _log(now: Asked, lines: list[dict[str, Any]], following: str) -> Log:
    missing, remedy = nothing(now, "log lines")
    return Log(
        id="lines",
        says="Newest last; secrets and addresses are covered",
        lines=tuple(_line(now, row, index) for index, row in enumerate(reversed(lines))),
        next=following,
        state=State.OK if lines else State.EMPTY,
        missing=missing,
        remedy=remedy,
        topics=("telemetry",),
    )


def _line(now: Asked, row: dict[str, Any], index: int) -> LogLine:
    level = level_of(row["severity"])
    trace = row["trace_id"]
    return LogLine(
        id=f"{row['ts']}-{row['ledger_seq']}-{index}",
        at_ms=row["ts"] / MILLISECOND,
        entity=row["entity"],
        text=shown(row["body"], row["length"]),
        severity=level,
        health=_health(level),
        template=masked(row["text"][:_LONGEST_TEMPLATE]),
        to=now.to(trace_to(trace)) if trace else "",
    )


def _health(level: str) -> Health:
    return _HEALTH.get(level, Health.NEUTRAL)


def _many(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"
