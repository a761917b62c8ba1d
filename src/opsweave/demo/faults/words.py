"""Words of everyday changes: guilty and innocent ones draw from the same lists."""

from __future__ import annotations

import random

from opsweave.demo.company.repo import AUTHORS

_CODE = (
    "{verb} {noun} to {name}",
    "{name}: {verb_} {noun}",
    "{verb} {noun} ({ticket})",
    "{ticket}: {verb_} {noun} in {name}",
    "{verb} how {name} handles {noun}",
)
_CONFIG = (
    "{name}: {key} is now {value}",
    "Set {key} of {name} to {value}",
    "Adjust {key} ({ticket})",
    "{ticket}: {key} for {name}",
    "Tidy the settings of {name}",
)
_MODEL = (
    "Fresh training run for {name}",
    "{name}: monthly training",
    "{ticket}: train {name} on the last weeks",
    "Promote the newest {name}",
)
_VERBS = ("Add", "Extend", "Rework", "Tidy", "Move", "Simplify", "Adapt")
_NOUNS = (
    "season",
    "region",
    "basket",
    "receipt",
    "segment",
    "channel",
    "voucher",
    "locale",
    "bundle",
    "campaign",
)
_ADJECTIVES = ("compact", "early", "grouped", "shared", "plain", "second", "regional", "quiet")
_STEPS = ("collect", "mark", "sort", "attach", "prepare", "round", "fold", "label", "map", "match")


def author(chance: random.Random) -> str:
    """Who makes a change."""
    return chance.choice(AUTHORS)


def noun(chance: random.Random) -> str:
    """What a change is about."""
    return chance.choice(_NOUNS)


def ticket(chance: random.Random) -> str:
    """The number of a ticket."""
    return f"SHOP-{chance.randint(120, 1990)}"


def flag(chance: random.Random) -> str:
    """A flag's name."""
    return f"{chance.choice(_ADJECTIVES)}-{noun(chance)}s"


def function(chance: random.Random, about: str, taken: set[str]) -> str:
    """A step's name that is not yet taken."""
    free = [f"{verb}_{about}" for verb in _STEPS if f"{verb}_{about}" not in taken]
    return chance.choice(free) if free else f"take_{about}_{len(taken)}"


def code_message(chance: random.Random, *, name: str, about: str) -> str:
    """The message of a commit that changes code."""
    verb = chance.choice(_VERBS)
    return chance.choice(_CODE).format(
        verb=verb, verb_=verb.lower(), noun=f"the {about}", name=name, ticket=ticket(chance)
    )


def config_message(chance: random.Random, *, name: str, key: str, value: object) -> str:
    """The message of a change of configuration."""
    return chance.choice(_CONFIG).format(name=name, key=key, value=value, ticket=ticket(chance))


def model_message(chance: random.Random, *, name: str) -> str:
    """The summary of a promoted model."""
    return chance.choice(_MODEL).format(name=name, ticket=ticket(chance))
