"""Check that a wheel holds every tracked file of the package, data and templates too, and the whole
built console."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

STATIC = "opsweave/server/static/"


def console_lacks(wheel: zipfile.ZipFile) -> set[str]:
    """Files of the console that its first page names and the wheel has not."""
    try:
        index = wheel.read(f"{STATIC}index.html").decode()
    except KeyError:
        return {f"{STATIC}index.html"}
    named = {STATIC + path for path in re.findall(r'(?:src|href)="/(assets/[^"]+)"', index)}
    named |= {f"{path}.gz" for path in named}
    return (named | {f"{STATIC}.source-sha256"}) - set(wheel.namelist())


def main() -> int:
    """Exit code 1 when a file is missing or one too many is there."""
    wheel = next(Path(sys.argv[1]).glob("opsweave-*.whl"))
    archive = zipfile.ZipFile(wheel)
    packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    held = {name for name in packed if not name.startswith(STATIC)}
    lacks = console_lacks(archive)
    listed = subprocess.run(
        ["git", "ls-files", "src"], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    tracked = {name.removeprefix("src/") for name in listed if name}
    for name in sorted(tracked - held):
        print("missing from the wheel:", name)
    for name in sorted(held - tracked):
        print("in the wheel, not in git:", name)
    for name in sorted(lacks):
        print("missing from the wheel, of the console:", name)
    print(f"{wheel.name}: {len(held)} files, {len(packed) - len(held)} of the console")
    return 0 if held == tracked and not lacks else 1


if __name__ == "__main__":
    sys.exit(main())
