"""One generator of changes: what is guilty and what is innocent comes from the same code."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from opsweave.demo.company.prepare import FIRST_MODEL
from opsweave.demo.faults import edits, words
from opsweave.demo.faults.edits import Edit, Step
from opsweave.demo.faults.ports import Company
from opsweave.demo.faults.spec import FaultSpec

FLAG_FILE = "flags.yaml"
SETTINGS: dict[str, tuple[Any, ...]] = {
    "pool.size": (),
    "pool.rest_ms": (2, 5),
    "pool.idle_s": (20, 45, 60),
    "cache.size": (300, 800, 1000),
    "cache.ttl_s": (30, 45, 90, 120),
    "log.sample": (5, 20, 25),
}
"""Settings that innocent changes touch, with harmless values; pools become a little larger."""


class Given(NamedTuple):
    """What a specification fixes; empty means: from the usual words."""

    name: str = ""
    message: str = ""
    author: str = ""

    @classmethod
    def of(cls, spec: FaultSpec) -> Given:
        """The names and messages of a specification."""
        return cls(spec.name, spec.message, spec.author)


class Changes:
    """Makes changes in the company, by its developers' verbs."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self._company, self._chance = company, chance
        self.flags: dict[str, str] = {}
        """Role -> the flag that guards a branch of its code."""
        self._on: set[str] = set()
        self._models = 0

    # -- code -----------------------------------------------------------------------------------

    def deploy(
        self, role: str, shape: Callable[[Step], Edit], *, ramp: float | None, given: Given
    ) -> str:
        """Commit one more step of a role and roll it out; ``ramp`` None: as in life."""
        chance = self._chance
        file, text, about = self._edited(role, shape, ramp, given.name)
        message = words.code_message(chance, name=self._company.names.roles[role], about=about)
        author = given.author or words.author(chance)
        sha = self._company.develop({file: text}, given.message or message, author)
        return self._company.deploy(role, sha, author)

    def _edited(
        self, role: str, shape: Callable[[Step], Edit], ramp: float | None, name: str
    ) -> tuple[str, str, str]:
        """(file, its new text, what the new step is about)."""
        file = f"services/{role}/steps.py"
        source = self._company.source(file)
        about = words.noun(self._chance)
        name = name or words.function(self._chance, about, edits.names(source))
        step = Step(name, about, edits.ramp(self._chance) if ramp is None else ramp)
        return file, edits.apply(source, step, shape(step)), about

    def innocent_deploy(self, role: str) -> str:
        """One more cheap step."""
        return self.deploy(role, self._chance.choice(edits.SHAPES), ramp=None, given=Given())

    # -- configuration --------------------------------------------------------------------------

    def configure(self, role: str, values: dict[str, Any], given: Given) -> str:
        """Set one or two settings of a role; the message speaks of the first."""
        name = self._company.names.roles[role]
        key, value = next(iter(values.items()))
        message = words.config_message(self._chance, name=name, key=key, value=value)
        author = given.author or words.author(self._chance)
        return self._company.configure(role, values, given.message or message, author)

    def innocent_setting(self, role: str) -> str:
        """Other harmless values of some settings."""
        keys = self._chance.sample(sorted(SETTINGS), self._chance.choice((1, 1, 2)))
        return self.configure(role, {key: self._harmless(role, key) for key in keys}, Given())

    def _harmless(self, role: str, key: str) -> Any:
        values = SETTINGS[key]
        if key == "pool.size":
            present = yaml.safe_load(self._company.source(f"config/{role}.yaml"))["pool"]["size"]
            values = tuple(present + more for more in (1, 2, 4))
        return self._chance.choice(values)

    # -- flags ----------------------------------------------------------------------------------

    def guard(
        self, role: str, shape: Callable[[Step, str], Edit], *, ramp: float | None, name: str = ""
    ) -> None:
        """Before the first day: a branch of a role's code behind a new flag that is off."""
        chance, taken = self._chance, set(self.flags.values())
        flag = name or words.flag(chance)
        while flag in taken:
            flag = words.flag(chance)
        self.flags[role] = flag
        file, text, about = self._edited(role, lambda step: shape(step, flag), ramp, "")
        flags = yaml.safe_load(self._company.source(FLAG_FILE)) | {
            flag: {"enabled": False, "service": role}
        }
        files = {file: text, FLAG_FILE: yaml.safe_dump(flags, sort_keys=False)}
        message = words.code_message(chance, name=self._company.names.roles[role], about=about)
        self._company.history(files, message, words.author(chance))

    def switch(self, role: str, given: Given) -> str:
        """Turn the flag of a role over."""
        name = self.flags[role]
        author = given.author or words.author(self._chance)
        self._on ^= {name}
        return self._company.flag(name, name in self._on, author, message=given.message)

    # -- models ---------------------------------------------------------------------------------

    def promote(self, *, worse: float, given: Given) -> str:
        """Train a version, put it into the registry and let production serve it."""
        self._models += 1
        year, _, first = FIRST_MODEL.partition(".")
        version = given.name or f"{year}.{int(first) + self._models}"
        self._company.train_model(version, worse=worse)
        summary = words.model_message(self._chance, name=self._company.names.roles["model"])
        author = given.author or words.author(self._chance)
        return self._company.promote_model(version, author, given.message or summary)

    def innocent_model(self) -> str:
        """A version as good as the present one."""
        return self.promote(worse=0.0, given=Given())
