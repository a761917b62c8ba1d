"""Check that a wheel holds every tracked file of the package, data and templates too."""

import subprocess
import sys
import zipfile
from pathlib import Path


def main() -> int:
    """Exit code 1 when a file is missing or one too many is there."""
    wheel = next(Path(sys.argv[1]).glob("opsweave-*.whl"))
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    listed = subprocess.run(
        ["git", "ls-files", "src"], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    tracked = {name.removeprefix("src/") for name in listed if name}
    for name in sorted(tracked - held):
        print("missing from the wheel:", name)
    for name in sorted(held - tracked):
        print("in the wheel, not in git:", name)
    print(f"{wheel.name}: {len(held)} files")
    return 0 if held == tracked else 1


if __name__ == "__main__":
    sys.exit(main())
