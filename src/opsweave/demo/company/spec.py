"""What a process of the company is told when it starts, and files that may change later."""

from __future__ import annotations

from pathlib import Path

import msgspec

from opsweave.kernel.ids import EntityRef

ENVIRONMENT = "demo"


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """One process. Paths are absolute; ``routes`` is the file that says who listens where."""

    role: str
    name: str
    entity: str
    instance: str
    version: str
    port: int
    release: str
    """Folder of the checked-out commit."""
    config: str
    """The configuration file of a checked-out commit; it may be another commit than the code's."""
    home: str
    """Folder of this service: its logs, its data."""
    shared: str
    """Folder of the company: routes, flags, breakers, credentials, features, models."""
    peers: dict[str, str]
    """Role -> canonical entity, for the spans."""
    otlp: str
    token: str
    seed: int = 1


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The company's name (its namespace) and what each role is called in it."""

    namespace: str
    roles: dict[str, str]

    def entity(self, role: str) -> str:
        """Canonical spelling of a role's entity."""
        return str(
            EntityRef(KIND_OF.get(role, "service"), ENVIRONMENT, self.namespace, self.roles[role])
        )


SERVICES = ("edge", "catalog", "cart", "checkout", "payment", "fraud", "orders", "mailer")
KIND_OF = {
    "orders": "database",
    "warehouse": "job",
    "features": "dataset",
    "model": "model",
    "outbox": "queue",
}
CHOICES: dict[str, tuple[str, ...]] = {
    "edge": ("edge", "gateway", "front-door"),
    "catalog": ("catalog", "products", "assortment"),
    "cart": ("cart", "basket", "trolley"),
    "checkout": ("checkout", "till", "order-desk"),
    "payment": ("payment", "billing", "cashier"),
    "fraud": ("fraud", "risk", "trust"),
    "orders": ("orders-db", "ledger-db", "sales-db"),
    "mailer": ("mailer", "postman", "notifier"),
    "provider": ("paylane", "cardhub", "swiftpay"),
    "warehouse": ("warehouse-features", "feature-loader", "nightly-features"),
    "features": ("customer-features", "buyer-profile", "shopper-signals"),
    "model": ("fraud-model", "risk-score", "trust-score"),
    "outbox": ("mail-outbox", "notices", "letters"),
}
NAMESPACES = ("shop", "harbour", "orchard", "bazaar", "mercato")


def read_json(path: Path, default: object = None) -> object:
    """A file that its writer replaces atomically; ``default`` while it is not there."""
    try:
        return msgspec.json.decode(path.read_bytes())
    except FileNotFoundError:
        return default


def write_json(path: Path, value: object) -> None:
    """Replace a file atomically."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(msgspec.json.encode(value))
    fresh.replace(path)
