"""Terms to SQL: conditions with parameters, never text of a user inside a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.server.explore.language import Term, number


class Condition(NamedTuple):
    """A part of a WHERE clause, and the values of its ``?``."""

    sql: str
    parameters: tuple[object, ...] = ()


Rule = Callable[[Term], Condition]

_LEVELS = {"trace": 1, "debug": 5, "info": 9, "warn": 13, "warning": 13, "error": 17, "fatal": 21}


def where(
    terms: tuple[Term, ...],
    rules: Mapping[str, Rule],
    words: Rule,
    scope: str = "",
    *,
    otherwise: Rule | None = None,
) -> Condition:
    """All terms, and the scope (one of its words in the entity), joined by AND.

    What no rule knows is asked of ``otherwise``, the attributes by default.
    """
    other = otherwise or attribute
    found = [
        _turned(rules.get(one.key, other)(one) if one.key else words(one), one) for one in terms
    ]
    if parts := scope_words(scope):
        within = " OR ".join("contains(lower(entity), ?)" for _ in parts)
        found.append(Condition(within, parts))
    if not found:
        return Condition("TRUE")
    return Condition(
        " AND ".join(f"({one.sql})" for one in found),
        tuple(value for one in found for value in one.parameters),
    )


def scope_words(scope: str) -> tuple[str, ...]:
    """One of these is in the entity; without any, all are in scope."""
    return tuple(scope.lower().replace(",", " ").split())


def unknown_key(known: Iterable[str]) -> Rule:
    """For tables without attributes: names the keys there are."""

    def rule(term: Term) -> Condition:
        raise RejectInput(
            f"there is no {term.key!r} here", field="q", action=f"choose from {', '.join(known)}"
        )

    return rule


def text(column: str) -> Rule:
    """The whole value, with ``*`` for anything; letters' case does not matter."""

    def rule(term: Term) -> Condition:
        _only_equal(term)
        parts = [f"{column} ILIKE ? ESCAPE '\\'" for _ in term.values]
        return Condition(" OR ".join(parts), tuple(_like(one) for one in term.values))

    return rule


def entity(column: str = "entity") -> Rule:
    """A whole entity, or its name alone: ``cart`` is ``service:prod/shop/cart``."""

    def rule(term: Term) -> Condition:
        _only_equal(term)
        likes = [_like(one) for one in term.values]
        patterns = [like if ":" in like else f"%/{like}" for like in likes]
        parts = [f"{column} ILIKE ? ESCAPE '\\'" for _ in patterns]
        return Condition(" OR ".join(parts), tuple(patterns))

    return rule


def amount(expression: str) -> Rule:
    """A number with a comparison: ``duration>200ms``; ``:`` is equality."""

    def rule(term: Term) -> Condition:
        sign = "=" if term.op == ":" else term.op
        parts = [f"{expression} {sign} ?" for _ in term.values]
        return Condition(" OR ".join(parts), tuple(number(one) for one in term.values))

    return rule


def flag(column: str) -> Rule:
    """``true`` or ``false``."""

    def rule(term: Term) -> Condition:
        _only_equal(term)
        value = term.values[0].lower()
        if value not in ("true", "false", "yes", "no"):
            raise RejectInput(
                f"{term.key}:{value} is neither true nor false",
                field="q",
                action=f"write {term.key}:true",
            )
        return Condition(column if value in ("true", "yes") else f"NOT {column}")

    return rule


def severity(term: Term) -> Condition:
    """A level of a log record: ``severity:error`` is that one, ``severity>=warn`` it and worse."""
    parts, values = [], []
    for one in term.values:
        level = _LEVELS.get(one.lower())
        if level is None:
            raise RejectInput(
                f"{one!r} is no level", field="q", action=f"choose from {', '.join(_LEVELS)}"
            )
        if term.op == ":":
            parts.append("severity BETWEEN ? AND ?")
            values += [level, level + 3]
        else:
            parts.append(f"severity {term.op} ?")
            values.append(level if term.op in (">=", "<") else level + 3)
    return Condition(" OR ".join(parts), tuple(values))


def words_in(*columns: str) -> Rule:
    """Words that one of the columns has somewhere."""

    def rule(term: Term) -> Condition:
        word = f"%{_like(term.values[0])}%"
        parts = [f"{column} ILIKE ? ESCAPE '\\'" for column in columns]
        return Condition(" OR ".join(parts), (word,) * len(columns))

    return rule


def attribute(term: Term) -> Condition:
    """A key of the attributes' JSON text, whose value is compared as text or as a number."""
    path = '$."' + term.key.replace('"', "") + '"'
    read = "json_extract_string(attributes, ?)"
    if term.op == ":":
        parts = [f"{read} ILIKE ? ESCAPE '\\'" for _ in term.values]
        values = [value for one in term.values for value in (path, _like(one))]
    else:
        parts = [f"TRY_CAST({read} AS DOUBLE) {term.op} CAST(? AS DOUBLE)" for _ in term.values]
        values = [value for one in term.values for value in (path, str(number(one)))]
    return Condition(" OR ".join(parts), tuple(values))


LOGS: dict[str, Rule] = {
    "entity": entity(),
    "instance": text("instance"),
    "severity": severity,
    "trace": text("trace_id"),
    "span": text("span_id"),
    "body": words_in("body"),
}
SPANS: dict[str, Rule] = {
    "entity": entity(),
    "peer": entity("peer"),
    "instance": text("instance"),
    "version": text("version"),
    "name": text("name"),
    "kind": text("kind"),
    "status": text("status"),
    "trace": text("trace_id"),
    "error": flag("error"),
    "duration": amount(f"duration_ns / {SECOND}.0"),
}
EVENTS: dict[str, Rule] = {
    "entity": entity(),
    "kind": text("kind"),
    "source": text("source"),
    "id": text("id"),
    "generic": flag("generic"),
}
POINTS: dict[str, Rule] = {
    "entity": entity(),
    "instance": text("instance"),
    "metric": text("metric"),
    "unit": text("unit"),
    "value": amount("value"),
}


def _turned(condition: Condition, term: Term) -> Condition:
    """What is unknown (NULL) does not hold, and so its negation does."""
    if not term.negated:
        return condition
    return Condition(f"NOT coalesce(({condition.sql}), FALSE)", condition.parameters)


def _only_equal(term: Term) -> None:
    if term.op != ":":
        raise RejectInput(
            f"{term.key} is no number, so {term.op} says nothing",
            field="q",
            action=f"write {term.key}:{term.values[0]}",
        )


def _like(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")
