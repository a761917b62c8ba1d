"""The record: what arrives from whom, what became of it, what holds it, how the server is."""

from __future__ import annotations

from typing import Any

from opsweave.kernel.clock import from_iso
from opsweave.pages import (
    Cell,
    Column,
    Fact,
    Health,
    Note,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    Stat,
    State,
    Table,
)
from opsweave.server.console.pages.record_doors import doors, senders
from opsweave.server.console.pages.sources import Sources

OUTCOMES = (
    ("received", "Received", "payloads on disk before they were acknowledged"),
    ("stored", "Stored", "payloads that became telemetry or facts"),
    ("deduplicated", "Repeated", "payloads that had been sent before, within a day"),
    ("generic", "Not understood", "kept as generic events: no parser knew them"),
    ("refused", "Refused", "kept, and answered with what was wrong"),
    ("pending", "Pending", "on disk, not applied yet"),
    ("lost", "Lost", "received less all the others: must be 0"),
)
_BAD = {"generic": Health.WARNING, "refused": Health.WARNING, "lost": Health.BAD}


def spec(sources: Sources) -> PageSpec:
    """``record``."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(pattern="record", title="Record", group="System", key="c", order=10, make=make)


def page(sources: Sources, query: PageQuery) -> Page:
    """Doors and senders over the time range; counts and health now."""
    status = sources.status()
    degraded: list[str] = status["degraded"]
    return Page(
        path=query.path,
        title="Record",
        lead="What arrived, what became of it, and where it is kept.",
        health=Health.WARNING if degraded else Health.GOOD,
        health_text="degraded" if degraded else "all parts work",
        facts=(
            Fact(title="Version", text=status["version"]),
            Fact(title="Up", since_ms=_began_ms(status)),
            Fact(title="Data", text=status["data"]),
        ),
        sections=(
            Section(id="counts", widgets=_counts(status)),
            Section(id="doors", widgets=(doors(sources, query), senders(sources, query))),
            Section(id="self", title="Opsweave itself", widgets=_self(sources, status)),
            Section(id="stores", widgets=(_stores(status),)),
        ),
    )


def _began_ms(status: dict[str, Any]) -> float:
    return from_iso(status["started_at"]) / 1e6


def _counts(status: dict[str, Any]) -> tuple[Stat, ...]:
    counts: dict[str, int] | None = status["ledger"]
    return tuple(
        Stat(
            id=f"count-{key}",
            title=title,
            says=says,
            span=3,
            value=counts[key] if counts else None,
            state=State.OK if counts else State.ERROR,
            missing="" if counts else "The telemetry store does not answer now.",
            remedy="" if counts else "It is asked again by itself.",
            health=_BAD.get(key, Health.NEUTRAL) if counts and counts[key] else Health.NEUTRAL,
            to="record/unparsed" if key in ("generic", "refused") else "",
            proof=Proof(says=f"{says}; since the data folder was made"),
            topics=("record",),
        )
        for key, title, says in OUTCOMES
    )


def _self(sources: Sources, status: dict[str, Any]) -> tuple[Stat | Note, ...]:
    process, loop, pump = status["process"], status["loop"], status["pump"]
    degraded: list[str] = status["degraded"]
    wrong = Note(
        id="degraded",
        title="Health",
        paragraphs=tuple(degraded) or ("Doors, pump, loop, stores and disk are well.",),
        health=Health.WARNING if degraded else Health.GOOD,
        topics=("record",),
    )
    failed = f"{loop['failures']} of {loop['ticks']} ticks failed"
    last = f"; the last: {loop['last_error']}" if loop["last_error"] else ""
    rate = sources.meter.rate()
    return (
        wrong,
        Stat(
            id="rate",
            title="Arrives",
            says="rows stored a second, over the last minute",
            span=3,
            value=rate,
            unit="1/s",
            trend=sources.meter.trend(),
            topics=("record",),
        ),
        Stat(
            id="behind",
            title="Pump",
            says=pump["waiting"] or "payloads on disk that wait to be applied",
            span=3,
            value=max(0, status["stores"]["ledger"]["next_seq"] - pump["next_seq"]),
            health=Health.GOOD if pump["alive"] and not pump["waiting"] else Health.BAD,
            topics=("record",),
        ),
        Stat(
            id="loop",
            title="A tick of the loop",
            says=f"{failed}{last}",
            span=3,
            value=loop["last_s"],
            unit="s",
            health=Health.WARNING if loop["failures"] else Health.GOOD,
            topics=("record",),
        ),
        Stat(
            id="cpu",
            title="Processor",
            says=f"cores used over the last minute; {process['memory_mb']:.0f} MiB of memory,"
            f" consoles that listen: {sources.listeners()}",
            span=3,
            value=None if process["cpu"] is None else round(process["cpu"], 2),
            unit="1",
            topics=("record",),
        ),
    )


def _stores(status: dict[str, Any]) -> Table:
    stores = status["stores"]
    held = {
        "Ledger of payloads": stores["ledger"]["bytes"],
        "Telemetry": stores["telemetry"]["bytes"],
        "State": stores["state"]["bytes"],
        "Free on the disk": stores["disk_free_bytes"],
    }
    telemetry = stores["telemetry"]
    says = "The telemetry store is being rebuilt from the ledger." * bool(telemetry["rebuilding"])
    if telemetry["quarantines"]:
        says += f" {len(telemetry['quarantines'])} damaged files are set aside in quarantine."
    return Table(
        id="stores",
        title="Storage",
        says=says.strip(),
        columns=(
            Column(key="store", title="Store"),
            Column(key="bytes", title="Size", shows="bytes"),
        ),
        rows=tuple(
            Row(id=name, cells={"store": Cell(value=name), "bytes": Cell(value=size)})
            for name, size in held.items()
        ),
        total=len(held),
        topics=("record",),
    )
