"""The company before its first day: repository, customers, model, keys."""

from __future__ import annotations

import random
import secrets

import msgspec

from opsweave.demo.company import model
from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.demo.company.repo import Repository
from opsweave.demo.company.spec import CHOICES, NAMESPACES, Names, write_json

FIRST_MODEL = "2024.1"


def names_of(seed: int) -> Names:
    """What the company and its parts are called; a seed's own."""
    chance = random.Random(f"names/{seed}")
    return Names(
        namespace=chance.choice(NAMESPACES),
        roles={role: chance.choice(names) for role, names in CHOICES.items()},
    )


def prepare(paths: Layout, plan: PlatformPlan) -> None:
    """Make the folder; what is there already stays."""
    paths.make()
    paths.plan.touch(mode=0o600)
    paths.plan.write_bytes(msgspec.json.encode(plan))
    if paths.state.exists() or (paths.shared / "customers.json").exists():
        return
    Repository(paths.repo, paths.home).begin(plan.seed)
    people = model.customers(plan.seed)
    good = [person.pop("good") for person in people]
    write_json(paths.world / "good.json", good)
    key = secrets.token_hex(8)
    write_json(paths.world / "provider-keys.json", {"key": key, "expired": 0})
    write_json(paths.credentials / "provider.json", {"key": key})
    model.save(paths.models, FIRST_MODEL, model.train(plan.seed))
    write_json(paths.shared / "customers.json", people)
