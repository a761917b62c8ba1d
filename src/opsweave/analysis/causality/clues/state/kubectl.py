"""Reads what ``kubectl get`` and ``kubectl describe`` print; what is absent stays empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

_GAP = re.compile(r"\s{2,}")
_EVENT = re.compile(r"^\s+(Normal|Warning)\s+(\S+)\s+(.+?)\s{2,}(\S+)\s{2,}(.*)$")
_AGE = re.compile(r"(\d+)([dhms])")
_TIMES = re.compile(r"\(x(\d+) over ([^)]+)\)")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A warning: seen ``times`` times over ``over_s``, last ``ago_s`` seconds before the print."""

    reason: str
    message: str
    ago_s: int
    times: int = 1
    over_s: int = 0


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """One object as ``kubectl describe`` prints it."""

    kind: str
    name: str
    text: str
    warnings: tuple[Event, ...] = ()

    def field(self, name: str) -> str:
        """The value of the first line ``name: value``; '' without one or when it is none."""
        found = re.search(
            rf"^[ \t]*{re.escape(name)}:[ \t]+(\S.*?)[ \t]*$", self.text, re.MULTILINE
        )
        value = found.group(1) if found else ""
        return "" if value in {"<none>", "<unset>"} else value

    def fields(self, name: str) -> list[str]:
        """The values of all lines ``name: value``."""
        return re.findall(
            rf"^[ \t]*{re.escape(name)}:[ \t]+(\S.*?)[ \t]*$", self.text, re.MULTILINE
        )

    def block(self, name: str) -> str:
        """The lines below ``name:`` that are indented deeper."""
        found = re.search(
            rf"^([ \t]*){re.escape(name)}:.*\n((?:\1[ \t]+.*\n?)*)", self.text, re.MULTILINE
        )
        return found.group(2) if found else ""

    def pairs(self, name: str) -> dict[str, str]:
        """``name: a=b`` and the lines that go on with it, as a mapping."""
        found = re.search(
            rf"^{re.escape(name)}:\s+(.*(?:\n[ \t]+\S+=\S*$)*)", self.text, re.MULTILINE
        )
        return dict(re.findall(r"([^\s=,]+)=([^\s,]*)", found.group(1))) if found else {}


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of ``get`` by kind, and described objects by kind and name."""

    rows: Mapping[str, tuple[Mapping[str, str], ...]]
    objects: Mapping[str, Mapping[str, Described]]

    def of(self, kind: str) -> Mapping[str, Described]:
        return self.objects.get(kind, {})

    def row(self, kind: str, name: str) -> Mapping[str, str]:
        return next((r for r in self.rows.get(kind, ()) if r.get("NAME") == name), {})


def seconds(age: str) -> int:
    """An age such as ``2m5s``.

    >>> seconds("2m5s"), seconds("143d")
    (125, 12355200)
    """
    return sum(int(n) * _SECONDS[unit] for n, unit in _AGE.findall(age))


def rows(text: str) -> tuple[Mapping[str, str], ...]:
    r"""A table whose columns stand under their heads.

    >>> rows("NAME   READY\na      1/1\n")[0]["READY"]
    '1/1'
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not lines[0].startswith("NAME"):
        return ()
    heads = [(m.start(), m.group()) for m in re.finditer(r"\S+(?: \S+)*", lines[0])]
    ends = [start for start, _ in heads[1:]] + [1_000_000]
    return tuple(
        {head: line[start:end].strip() for (start, head), end in zip(heads, ends, strict=True)}
        for line in lines[1:]
    )


def read(state: Mapping[str, str]) -> Cluster:
    """The cluster that these commands (command line -> what it printed) showed."""
    tables: dict[str, tuple[Mapping[str, str], ...]] = {}
    objects: dict[str, dict[str, Described]] = {}
    for command, text in state.items():
        words = command.split()
        if len(words) < 3 or words[0] != "kubectl":
            continue
        verb, kind = words[1], words[2]
        if verb == "get" and "-l" not in words:
            found = rows(text)
            if len(found) >= len(tables.get(kind, ())):
                tables[kind] = found
        elif verb == "describe" and len(words) > 3:
            name = words[3]
            objects.setdefault(kind, {})[name] = Described(
                kind=kind, name=name, text=text, warnings=_warnings(text)
            )
    return Cluster(rows=tables, objects=objects)


def _warnings(text: str) -> tuple[Event, ...]:
    found = []
    for line in text.splitlines():
        match = _EVENT.match(line)
        if match is None or match.group(1) != "Warning":
            continue
        age = match.group(3)
        times = _TIMES.search(age)
        found.append(
            Event(
                reason=match.group(2),
                message=match.group(5),
                ago_s=seconds(age.split("(")[0]),
                times=int(times.group(1)) if times else 1,
                over_s=seconds(times.group(2)) if times else 0,
            )
        )
    return tuple(found)
