"""The results page: acceptance over many runs, with intervals, and every miss."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from opsweave.demo.shares import Share, share_of
from opsweave.demo.summary import right

Run = dict[str, Any]
DETECTED_WITHIN_S = 60.0
CLEAN = 0.95


class Promise(NamedTuple):
    """What is to hold in at least ``wanted`` of the runs."""

    says: str
    wanted: float
    holds: Callable[[Run], bool]


def detected(run: Run) -> bool:
    """An incident within a minute of the symptom; one before it counts."""
    seconds = run["seconds"]["symptom_to_detected"]
    return seconds is not None and seconds <= DETECTED_WITHIN_S


def one_incident(run: Run) -> bool:
    """Exactly one per fault, and none before or besides."""
    faults = run.get("faults") or [{"incidents": run["incidents"]}]
    each = all(len(fault["incidents"]) == 1 for fault in faults)
    return each and len(run["incidents"]) == len(faults) and run["incidents_before"] == 0


def ranks(run: Run) -> list[int | None]:
    """Rank of the true cause (entity, and change or none), one for each fault of the run."""
    if not run.get("and"):
        return [right(run)]
    return [fault["rank"] for fault in run["faults"]]


def first_right(run: Run) -> bool:
    """The true cause is ranked first; with two faults, both."""
    return all(rank == 1 for rank in ranks(run))


def three_right(run: Run) -> bool:
    """The true cause is among the first three; with two faults, both."""
    return all(rank is not None and rank <= 3 for rank in ranks(run))


def recovered(run: Run) -> bool:
    """Recovered, or mitigated, and verified."""
    return bool(run["recovered"] and run["recovery"]["verified"])


PROMISES = (
    Promise("detected within 60 s of the symptom", 0.95, detected),
    Promise("one incident per fault", 0.95, one_incident),
    Promise("true cause first", 0.90, first_right),
    Promise("true cause among the first three", 0.92, three_right),
    Promise("recovered and verified", 0.80, recovered),
)


def holds(promise: Promise, run: Run) -> bool:
    """Whether it holds; a run without a report breaks every promise."""
    return "truth" in run and promise.holds(run)


def page_of(runs: Sequence[Run]) -> str:
    """The page in Markdown."""
    lines = ["# The demo's faults, measured", "", *_head(runs), *_machine(runs), ""]
    tables = [*_table(runs), "", *_overlapping(runs), *_per_fault(runs), ""]
    return "\n".join([*lines, *tables, *_misses(runs), ""])


def _head(runs: Sequence[Run]) -> Iterator[str]:
    seeds = sorted({run["seed"] for run in runs})
    faults = {run["fault"] for run in runs}
    yield (
        f"{len(runs)} runs of `opsweave demo --fault NAME --seed N --once --json`: "
        f"{len(faults)} faults, seeds {', '.join(map(str, seeds))}. Intervals are Wilson's at 95 %."
    )


def _machine(runs: Sequence[Run]) -> Iterator[str]:
    """Where, how many at once, and what Opsweave itself used at most."""
    versions = sorted({run["versions"]["python"] for run in runs if run.get("versions")})
    known = [run["jobs"] for run in runs if "jobs" in run]
    at_once = f"at most {max(known)}" if known and len(known) == len(runs) else "not recorded"
    yield (
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {', '.join(versions)}; "
        f"runs at once: {at_once}."
    )
    used = [run["opsweave"] for run in runs if run.get("opsweave")]
    if used:
        cores = max(one["cpu_cores"] for one in used)
        memory = max(one["memory_mb"] for one in used)
        yield (
            f"Opsweave itself, from the injection on, used at most {cores:.2f} of a core (mean of"
            f" a run) and {memory:.0f} MB; {sum(run.get('processes_left', 0) for run in runs)}"
            " processes were left behind."
        )


def _table(runs: Sequence[Run]) -> Iterator[str]:
    yield "| promise | wanted | held | share | 95 % interval | |"
    yield "|---|---|---|---|---|---|"
    for promise in PROMISES:
        share = share_of(holds(promise, run) for run in runs)
        met = "met" if share.value is not None and share.value >= promise.wanted else "**missed**"
        yield (
            f"| {promise.says} | {promise.wanted:.0%} | {share.hits} of {share.n} "
            f"| {_percent(share)} | {_interval(share)} | {met} |"
        )
    yield from _clean(runs)


def _clean(runs: Sequence[Run]) -> Iterator[str]:
    """Purity and completeness over the alerts of all runs that can be attributed to a fault."""
    told = [run["grouping"] for run in runs if run.get("grouping")]
    counted = [one for one in told if one["attributed"]]
    if not counted:
        return
    alerts = sum(one["attributed"] for one in counted)
    for name in ("purity", "completeness"):
        value = sum(one[name] * one["attributed"] for one in counted) / alerts
        met = "met" if value >= CLEAN else "**missed**"
        yield f"| {name} of {alerts} attributed alerts | {CLEAN:.0%} | | {value:.1%} | | {met} |"


def _percent(share: Share) -> str:
    return "no data" if share.value is None else f"{share.value:.1%}"


def _interval(share: Share) -> str:
    bounds = share.interval
    return "" if bounds is None else f"{bounds[0]:.0%} to {bounds[1]:.0%}"


def _overlapping(runs: Sequence[Run]) -> Iterator[str]:
    """Runs with two faults, by fault and by alert."""
    both = [run for run in runs if run.get("and")]
    if not both:
        return
    faults = [fault for run in both for fault in run["faults"]]
    first = share_of(fault["rank"] == 1 for fault in faults)
    one = share_of(len(fault["incidents"]) == 1 for fault in faults)
    yield "## Two faults at once"
    yield ""
    yield (
        f"{len(both)} runs had a second fault while the first was live. Of {len(faults)} faults,"
        f" {one.hits} had exactly one incident ({_interval(one)}) and {first.hits} their true"
        f" cause first ({_interval(first)}). Mean purity {_mean(both, 'purity')}, mean completeness"
        f" {_mean(both, 'completeness')}, over the alerts that can be attributed to one fault."
    )
    yield ""


def _mean(runs: Sequence[Run], name: str) -> str:
    found = [run["grouping"][name] for run in runs if run["grouping"][name] is not None]
    return f"{sum(found) / len(found):.3f}" if found else "no data"


def _per_fault(runs: Sequence[Run]) -> Iterator[str]:
    yield "## By fault"
    yield ""
    yield "| fault | runs | detected | one incident | first | of three | recovered | longest |"
    yield "|---|---|---|---|---|---|---|---|"
    for fault in sorted({run["fault"] for run in runs}):
        own = [run for run in runs if run["fault"] == fault]
        held = [str(sum(holds(promise, run) for run in own)) for promise in PROMISES]
        longest = max(run.get("wall_s", 0.0) for run in own)
        yield f"| {fault} | {len(own)} | {' | '.join(held)} | {longest:.0f} s |"


def _misses(runs: Sequence[Run]) -> Iterator[str]:
    yield "## Misses"
    yield ""
    found = False
    for run in sorted(runs, key=lambda run: (run["fault"], run["seed"])):
        broken = [promise.says for promise in PROMISES if not holds(promise, run)]
        if broken:
            found = True
            beside = f" and `{run['and']}`" if run.get("and") else ""
            head = f"- `{run['fault']}`{beside} seed {run['seed']}"
            yield f"{head}: not {'; not '.join(broken)}.{_why(run)}"
    if not found:
        yield "None."


def _why(run: Run) -> str:
    if "truth" not in run or run.get("problem"):
        return f" {run.get('problem') or ''}"
    if run.get("and"):
        return " " + " ".join(_told(fault) for fault in run["faults"])
    truth, causes = run["truth"], run["causes"]
    said = f"{causes[0]['entity']} ({causes[0]['change']})" if causes else "nothing"
    return (
        f" True: {truth['entity']} ({truth['change']}); said: {said};"
        f" {len(run['incidents'])} incidents; runbook {run['recovery']['runbook']}."
    )


def _told(fault: dict[str, Any]) -> str:
    return (
        f"{fault['fault']}: true {fault['entity']} ({fault['change']}); said {fault['said']};"
        f" {len(fault['incidents'])} incidents."
    )
