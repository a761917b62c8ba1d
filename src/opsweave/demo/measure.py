"""Runs every fault with several seeds and says how often the loop was right.

``python -m opsweave.demo.measure --faults all --seeds 1,2,3 --out runs.jsonl`` appends a line a
run and leaves out those that are there; ``--report FILE.md`` writes the table from the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.faults import catalogue, partner
from opsweave.demo.results import page_of
from opsweave.demo.up import COMMAND
from opsweave.demo.words import lasting

LONGEST_S = 600.0


def load(path: Path) -> list[dict[str, Any]]:
    """Runs of a file; [] when there is none."""
    if not path.exists():
        return []
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def missing(
    runs: Sequence[dict[str, Any]], faults: Sequence[str], seeds: Sequence[int]
) -> list[tuple[str, int]]:
    """What is still to be run, seed by seed, so that a part covers all faults.

    >>> missing([{"fault": "a", "seed": 1}], ["a", "b"], [1, 2])
    [('b', 1), ('a', 2), ('b', 2)]
    """
    there = {(run["fault"], run["seed"]) for run in runs}
    return [(fault, seed) for seed in seeds for fault in faults if (fault, seed) not in there]


def command_of(fault: str, seed: int) -> list[str]:
    """The command of a run; every fifth run of a fault has a second one beside it."""
    command = [*COMMAND, "demo", "--fault", fault, "--seed", str(seed), "--once", "--json"]
    second = partner(fault, seed, [one.name for one in catalogue()])
    return command if second is None else [*command, "--and", second]


def run_one(fault: str, seed: int) -> dict[str, Any]:
    """One run by the command itself. A run without a report becomes one that says so."""
    command = command_of(fault, seed)
    began = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST_S)
        report: dict[str, Any] = msgspec.json.decode(done.stdout)
        report["exit_code"] = done.returncode
    except (subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        report = {"fault": fault, "seed": seed, "problem": f"no report: {error}"}
    report["wall_s"] = round(time.monotonic() - began, 1)
    return report


def measure(pairs: Sequence[tuple[str, int]], out: Path, *, jobs: int) -> None:
    """Run all, append each as it ends, and say how it went on standard error."""
    with ThreadPoolExecutor(jobs) as pool, out.open("ab") as file:
        results = pool.map(lambda pair: run_one(*pair), pairs)
        for number, report in enumerate(results, 1):
            report["jobs"] = jobs
            file.write(msgspec.json.encode(report) + b"\n")
            file.flush()
            sys.stderr.write(f"{number}/{len(pairs)}  {outcome_of(report)}\n")


def outcome_of(report: dict[str, Any]) -> str:
    """A run in one line."""
    beside = f" and {report['and']}" if report.get("and") else ""
    head = f"{report['fault']}{beside} seed {report['seed']}"
    if "truth" not in report:
        return f"{head}: {report['problem']}"
    word = "recovered" if report["recovered"] else "NOT recovered"
    detected = report["seconds"]["symptom_to_detected"]
    return f"{head}: {word}, detected after {lasting(detected)}, {lasting(report['wall_s'])} in all"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = _parser().parse_args(arguments)
    names = [fault.name for fault in catalogue()]
    faults = names if options.faults == "all" else options.faults.split(",")
    if unknown := [name for name in faults if name not in names]:
        sys.stderr.write(f"no fault {unknown[0]!r}; choose from {', '.join(names)}\n")
        return 2
    seeds = [int(seed) for seed in options.seeds.split(",")]
    measure(missing(load(options.out), faults, seeds), options.out, jobs=options.jobs)
    page = page_of(load(options.out))
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m opsweave.demo.measure", description=__doc__)
    parser.add_argument("--faults", default="all", help="names with commas, or all")
    parser.add_argument("--seeds", default="1,2,3", help="numbers with commas")
    parser.add_argument("--out", type=Path, required=True, help="file of runs, one a line")
    parser.add_argument("--jobs", type=int, default=1, help="runs at once; more than one disturbs")
    parser.add_argument("--report", type=Path, help="write the results page here")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
