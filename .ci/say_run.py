"""Print one run of the demo (the JSON object of ``opsweave demo --once --json``) in three lines."""

import json
import sys
from pathlib import Path


def main() -> int:
    """Exit code 1 when the file holds no run or processes were left."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8").strip()
    if not text:
        print("the demo printed nothing")
        return 1
    run = json.loads(text)
    times = ("injected_at", "symptom_at", "detected_at", "explained_at", "recovered_at")
    print(run["fault"], *(f"{name}={run.get(name)}" for name in times))
    print("truth", run.get("truth"), "first cause", (run.get("causes") or [None])[0])
    print("recovery", run.get("recovery"), "processes left:", run.get("processes_left"))
    return 1 if run.get("processes_left") else 0


if __name__ == "__main__":
    sys.exit(main())
