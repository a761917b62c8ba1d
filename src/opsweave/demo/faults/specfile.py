"""Reads and checks a fault-spec file (YAML or JSON); ``docs/faults.md`` describes it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml

from opsweave.demo.company.spec import CHOICES
from opsweave.demo.faults import decoys, draw
from opsweave.demo.faults.catalog import fault_named
from opsweave.demo.faults.fault import Fault
from opsweave.demo.faults.spec import Decoy, DecoyKind, FaultSpec
from opsweave.demo.faults.topology import CODE
from opsweave.kernel.errors import RejectInput

FIELDS = tuple(FaultSpec.__struct_fields__)
ONSET = (30.0, 900.0)
RAMP = (0.0, 600.0)
DECOY_AT = (-300.0, 600.0)
LONGEST_TEXT = 200
_ROLE_OF = {word: role for role, choices in CHOICES.items() for word in (role, *choices)}


def load_spec(path: Path, seed: int | None = None) -> FaultSpec:
    """A complete specification; ``seed`` draws what the file leaves open, unless the file has one.

    Raises RejectInput whose field names what is wrong.
    """
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise RejectInput(f"cannot be read: {error.strerror}", field="fault-spec") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RejectInput(f"is neither YAML nor JSON: {error}", field="fault-spec") from error
    return parse_spec(raw, seed)


def parse_spec(raw: Any, seed: int | None = None) -> FaultSpec:
    """The same from what the file holds."""
    fields = _fields(raw)
    kind = fields.text("kind")
    if not kind:
        raise RejectInput("is missing", field="kind", action="name one of `opsweave demo --list`")
    fault = fault_named(kind, field="kind")
    number = fields.whole("seed", 1 if seed is None else seed)
    drawn = draw.spec_for(kind, number)
    target = _target(fields, fault, drawn.target)
    chance = random.Random(f"{kind}/{number}/file")
    ramp = fields.number("ramp", *RAMP, default=drawn.ramp if "magnitude" not in raw else 0.0)
    if ramp and not fault.ramps:
        raise RejectInput(f"{kind} is a step and has no ramp", field="ramp", action="leave it out")
    return FaultSpec(
        kind=kind,
        target=target,
        magnitude=_magnitude(fields, fault, target, chance),
        ramp=ramp,
        onset=fields.number("onset", *ONSET, default=drawn.onset),
        variant=_variant(fields, fault, drawn.variant),
        name=fields.text("name"),
        message=fields.text("message"),
        author=fields.text("author"),
        decoys=_decoys(fields, fault, target, chance),
        seed=number,
    )


@dataclass(frozen=True)
class _Fields:
    raw: dict[str, Any]
    within: str = ""

    def text(self, name: str) -> str:
        value = self.raw.get(name, "")
        fine = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
        if not fine:
            says = f"must be one line of at most {LONGEST_TEXT} characters"
            raise RejectInput(says, field=self.within + name)
        return str(value)

    def number(self, name: str, low: float, high: float, *, default: float) -> float:
        value = self.raw.get(name, default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise RejectInput(f"{value!r} is not a number", field=self.within + name)
        if not low <= value <= high:
            says = f"{value:g} is not between {low:g} and {high:g}"
            raise RejectInput(says, field=self.within + name)
        return float(value)

    def whole(self, name: str, default: int) -> int:
        value = self.raw.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise RejectInput(f"{value!r} is not a whole number", field=self.within + name)
        return value


def _fields(raw: Any) -> _Fields:
    if not isinstance(raw, dict):
        raise RejectInput("must hold one mapping of fields", field="fault-spec")
    for name in raw:
        if name not in FIELDS:
            action = f"the fields are {', '.join(FIELDS)}"
            raise RejectInput("is not a field of a fault-spec", field=str(name), action=action)
    return _Fields(raw)


def _target(fields: _Fields, fault: Fault, default: str) -> str:
    named = fields.text("target") or default
    role = _ROLE_OF.get(named, named)
    if role not in fault.targets:
        action = f"take one of {', '.join(fault.targets)}"
        raise RejectInput(f"{fault.name} cannot strike {named!r}", field="target", action=action)
    return role


def _magnitude(fields: _Fields, fault: Fault, target: str, chance: random.Random) -> float:
    limits = fault.magnitude
    default = draw.magnitude(fault, target, chance)
    if limits.low == limits.high and fields.raw.get("magnitude", default) != default:
        raise RejectInput(
            f"{fault.name} happens or does not: the only magnitude is {limits.low:g}",
            field="magnitude",
            action="leave it out",
        )
    found = fields.number("magnitude", limits.low, limits.high, default=default)
    if limits.whole and found != int(found):
        raise RejectInput(f"{found:g} is not a whole number of {limits.unit}", field="magnitude")
    return found


def _variant(fields: _Fields, fault: Fault, default: str) -> str:
    found = fields.text("variant") or default
    if found and found not in fault.variants:
        allowed = f"take one of {', '.join(fault.variants)}" if fault.variants else "leave it out"
        raise RejectInput(f"{fault.name} has no {found!r}", field="variant", action=allowed)
    return found


def _decoys(fields: _Fields, fault: Fault, target: str, chance: random.Random) -> tuple[Decoy, ...]:
    raw = fields.raw.get("decoys")
    if raw is None:
        return decoys.draw(fault, target, chance)
    if isinstance(raw, int) and not isinstance(raw, bool):
        if not 0 <= raw <= 20:
            raise RejectInput(f"{raw} is not between 0 and 20", field="decoys")
        found: tuple[Decoy, ...] = ()
        while len(found) < raw:
            found += decoys.draw(fault, target, chance)[: raw - len(found)]
        return decoys.complete(found, fault, target, chance)
    if not isinstance(raw, list):
        raise RejectInput("must be a number or a list of changes", field="decoys")
    listed = tuple(_decoy(one, n, fault, target) for n, one in enumerate(raw))
    return decoys.complete(listed, fault, target, chance)


def _decoy(raw: Any, number: int, fault: Fault, target: str) -> Decoy:
    where = f"decoys[{number}]."
    if not isinstance(raw, dict) or set(raw) - {"at", "kind", "target"}:
        raise RejectInput("must be a mapping of at, kind, target", field=where[:-1])
    fields = _Fields(raw, where)
    kind = fields.text("kind")
    if kind not in get_args(DecoyKind):
        action = f"take one of {', '.join(get_args(DecoyKind))}"
        raise RejectInput(f"{kind!r} is no kind of change", field=f"{where}kind", action=action)
    named = fields.text("target") or ("model" if kind == "model" else "")
    role = _ROLE_OF.get(named, named)
    if role not in (("model",) if kind == "model" else CODE):
        raise RejectInput(f"{named!r} cannot have a {kind}", field=f"{where}target")
    at = fields.number("at", *DECOY_AT, default=-20.0)
    if at > -decoys.ROOM_S and role == target and kind in {"deployment", "configuration", "model"}:
        says = "after the onset a change of the faulty service itself could cure the fault"
        raise RejectInput(says, field=f"{where}at", action="put it before the onset")
    return Decoy(at=at, kind=kind, target=role)  # type: ignore[arg-type]
