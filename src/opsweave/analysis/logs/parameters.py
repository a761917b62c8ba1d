"""The values of a line, given its template."""

from __future__ import annotations

from functools import lru_cache

from opsweave.analysis.logs.masking import WILD


def parameters(template: str, line: str) -> list[str]:
    """What stands in ``line`` for each ``<*>`` of ``template``; [] when they do not fit.

    Spaces count as one. Linear in the line: each literal is looked for once, from left to right,
    which finds a fit whenever there is one.

    >>> parameters("took <*> ms, id=<*>", "took  12 ms, id=0x1f")
    ['12', '0x1f']
    """
    literals = _literals(template)
    if len(literals) == 1:
        return []
    spaced = "  " in line or not line.isprintable()
    line = " ".join(line.split()) if spaced else line.strip()
    head, tail = literals[0], literals[-1]
    at, end = len(head), len(line) - len(tail)
    if at > end or not line.startswith(head) or not line.endswith(tail):
        return []
    found = []
    for literal in literals[1:-1]:
        then = line.find(literal, at, end) if literal else at
        if then < 0:
            return []
        found.append(line[at:then])
        at = then + len(literal)
    found.append(line[at:end])
    return found


@lru_cache(maxsize=8192)
def _literals(template: str) -> tuple[str, ...]:
    return tuple(template.split(WILD))
