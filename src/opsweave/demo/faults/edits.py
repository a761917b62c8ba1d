"""Edits of a service's ``steps.py``: one more step, cheap or not, from the same few shapes.

What makes a step bad is a number in it, never its form: an innocent edit of the same shape has the
same lines.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

LOOKUP_MS = 6.0
BUCKETS = 40
CHEAP_CPU_MS = 0.3
ENDLESS = 1_000_000
_LIST = re.compile(r"^STEPS = \[(.*)\]$", re.MULTILINE)
_STEP = re.compile(r"^def (\w+)\(ctx, data\):$", re.MULTILINE)


class Step(NamedTuple):
    """What a new step is called and says, and how its strength grows (seconds; 0: at once)."""

    name: str
    about: str
    ramp: float = 0.0


class Edit(NamedTuple):
    """Lines of a new step."""

    imports: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


def lookups(step: Step, *, ms: float = LOOKUP_MS) -> Edit:
    """Reads something from a table beside the service, once or for each of many keys."""
    n = max(1, round(ms / LOOKUP_MS))
    times = f"round({n} * share)" if step.ramp else str(n)
    return Edit(
        imports=_clock(step),
        body=(
            *_share(step),
            f"for key in range({times}):",
            "    ctx.lookup(key)",
            f'data["labels"]["{step.about}"] = 1',
        ),
    )


def buckets(step: Step, *, missing: float = 0.0) -> Edit:
    """Takes a value from a small table by a customer's bucket."""
    gap = min(BUCKETS, round(missing * BUCKETS))
    first = 0 if step.ramp else gap
    bucket = f'data.get("customer", ctx.random.randrange(240)) % {BUCKETS}'
    if step.ramp:
        bucket += f" - round({gap} * share)"
    table = step.name.upper()
    return Edit(
        imports=_clock(step),
        constants=(f"{table} = {{n: 1 + n % 3 for n in range({first}, {BUCKETS})}}",),
        body=(
            *_share(step),
            f"bucket = {bucket}",
            f'data["labels"]["{step.about}"] = {table}[bucket]',
        ),
    )


def memory(step: Step, *, size: int = 2000, keep: int = 50) -> Edit:
    """Remembers something of the last requests."""
    return Edit(
        body=(
            f'kept = ctx.memory.setdefault("{step.name}", {{}})',
            f'kept[len(kept) % {keep}] = "-" * {size}',
            f'data["labels"]["{step.about}"] = len(kept) % 9',
        )
    )


def computes(step: Step, *, cpu_ms: float = CHEAP_CPU_MS, flag: str = "") -> Edit:
    """Computes something while a flag is on, at most 40 % of the time it takes."""
    cost = f"{cpu_ms / 1000:.6f}" + (" * share" if step.ramp else "")
    work = (
        *_share(step),
        f"until = time.thread_time() + {cost}",
        "while time.thread_time() < until:",
        "    sum(n * n for n in range(20_000))",
        "    time.sleep(0.002)",
    )
    return Edit(
        imports=("import time",),
        body=(f'if ctx.flag("{flag}"):', *(f"    {line}" for line in work)),
    )


def guarded(step: Step, flag: str) -> Edit:
    """A cheap branch behind a flag."""
    return computes(step, flag=flag)


SHAPES: tuple[Callable[[Step], Edit], ...] = (lookups, buckets, memory)
"""Shapes of code that a deployment alone brings to life."""


def ramp(chance: random.Random) -> float:
    """How a new step comes into force, in life: mostly at once."""
    return float(chance.choice((0, 0, 0, 15)))


def apply(source: str, step: Step, edit: Edit) -> str:
    """The text of ``steps.py`` with one more step."""
    lines = [f"def {step.name}(ctx, data):", f'    """The {step.about} of a request."""']
    lines += [f"    {line}" for line in edit.body] + ["    return data", "", "", ""]
    constants = [*edit.constants, "", ""] if edit.constants else []
    text = _LIST.sub(lambda found: f"STEPS = [{found[1]}, {step.name}]", source)
    text = text.replace("STEPS = [", "\n".join([*constants, *lines]) + "STEPS = [", 1)
    for line in edit.imports:
        if f"\n{line}\n" not in text:
            text = text.replace('"""\n', f'"""\n\n{line}\n', 1)
    return text


def names(source: str) -> set[str]:
    """The steps that a ``steps.py`` has."""
    return set(_STEP.findall(source))


def _share(step: Step) -> tuple[str, ...]:
    if not step.ramp:
        return ()
    return (
        f'since = ctx.memory.setdefault("{step.name}.since", time.monotonic())',
        f"share = min(1.0, (time.monotonic() - since) / {step.ramp:g})",
    )


def _clock(step: Step) -> tuple[str, ...]:
    return ("import time",) if step.ramp else ()
