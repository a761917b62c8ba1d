"""Runbooks: YAML of kind recovery, matched to causes. Arguments are typed, never text in text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from opsweave.facts import CauseKind, Predicate
from opsweave.kernel.errors import RejectInput
from opsweave.runs.documents import read_document
from opsweave.runs.policy import Risk

OWN = Path(__file__).parent.parent / "runbooks"
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*$")]
Verb = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An argument taken from the cause: its ``entity``, its ``change``, or one of its arguments."""

    cause: Text
    type: Literal["text", "bool", "int"] = "text"
    negate: bool = False
    """Of a bool: the opposite."""
    optional: bool = False
    """When the cause does not say it, the argument is left out."""


Value = Reference | str | int | float | bool


class Undo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What takes a step back when verification fails; left out when the cause says too little."""

    action: Verb
    arguments: dict[str, Value] = {}


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One action on the runbook's target."""

    action: Verb
    arguments: dict[str, Value] = {}
    undo: Undo | None = None


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Preconditions."""

    change: bool | None = None
    """True: only for a cause that names a change; False: only for one that names none."""
    arguments: tuple[str, ...] = ()
    """What the cause must say."""
    entity_kinds: tuple[str, ...] = ()
    """Kinds of the cause's entity; empty: any."""
    indicators: tuple[Text, ...] = ()
    """One of these must be part of the name of the cause's indicator; empty: any."""


class Verify(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A predicate that must come to hold within ``within_s`` and stay for ``hold_s``."""

    predicate: Literal["alerts_resolved", "indicator_in_band", "effect_present"]
    indicator: str = ""
    """Of the cause's entity, for ``indicator_in_band``; empty: the cause's own."""
    within_s: Annotated[float, msgspec.Meta(gt=0.0)] = 60.0
    hold_s: Annotated[float, msgspec.Meta(ge=0.0)] = 6.0


DEFAULT_VERIFY = (
    Verify(predicate="alerts_resolved"),
    Verify(predicate="effect_present", within_s=30.0, hold_s=0.0),
)


class Runbook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pipeline of kind recovery."""

    name: Name
    says: Text
    causes: Annotated[tuple[CauseKind, ...], msgspec.Meta(min_length=1)]
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    kind: Literal["recovery"] = "recovery"
    risk: Risk = "medium"
    order: int = 100
    """Lower is tried first among runbooks of equal weight."""
    when: When = When()
    neighbours: bool = False
    """Whether the action may be offered by a neighbour of the cause's entity."""
    verify: Annotated[tuple[Verify, ...], msgspec.Meta(min_length=1)] = DEFAULT_VERIFY


def read_runbook(path: Path) -> Runbook:
    """One runbook. RejectInput names the file and the field; the file is named as the runbook."""
    runbook = read_document(path, Runbook)
    if runbook.name != path.stem:
        raise RejectInput(
            f"calls itself {runbook.name!r}", field=f"{path.name}: name", action="rename one"
        )
    return runbook


def load_runbooks(*folders: Path | None) -> tuple[Runbook, ...]:
    """Ours, then those of the folders; a later one of the same name takes the place of ours."""
    found: dict[str, Runbook] = {}
    for folder in (OWN, *folders):
        if folder is None or not folder.is_dir():
            continue
        for path in sorted(folder.glob("*.yaml")):
            runbook = read_runbook(path)
            found[runbook.name] = runbook
    return tuple(found[name] for name in sorted(found))


def predicates(runbook: Runbook, entity: str, indicator: str) -> tuple[Predicate, ...]:
    """What must hold after the runbook, for a cause at this entity and indicator."""
    return tuple(_predicate(verify, entity, indicator) for verify in runbook.verify)


def _predicate(verify: Verify, entity: str, indicator: str) -> Predicate:
    banded = verify.predicate == "indicator_in_band"
    return Predicate(
        kind=verify.predicate,
        entity=entity if banded else "",
        indicator=(verify.indicator or indicator) if banded else "",
        within_s=verify.within_s,
        hold_s=verify.hold_s,
    )


def resolved(arguments: dict[str, Value], known: dict[str, str]) -> dict[str, Any]:
    """The arguments with their references looked up in ``known``.

    Raises RejectInput when something that is needed is not known.
    """
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        if not isinstance(value, Reference):
            found[name] = value
            continue
        text = known.get(value.cause)
        if text:
            found[name] = _typed(text, value, name)
        elif not value.optional:
            raise RejectInput(f"the cause does not say {value.cause!r}", field=name)
    return found


def _typed(text: str, reference: Reference, name: str) -> str | int | bool:
    if reference.type == "int":
        try:
            return int(text)
        except ValueError as error:
            raise RejectInput(f"{text!r} is no whole number", field=name) from error
    if reference.type == "bool":
        if text not in ("true", "false"):
            raise RejectInput(f"{text!r} is neither true nor false", field=name)
        return (text == "true") is not reference.negate
    return text
