"""The company's git repository: code, configuration and flags, with a history."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from opsweave.kernel.errors import RejectInput, RetryLater

AUTHORS = ("Mara Lind", "Jonas Weber", "Aiko Sato", "Priya Nair", "Tom Okafor", "Elif Demir")
BEGINNINGS = (
    "Import the services",
    "Describe how services are started",
    "Raise the cache of products",
    "Keep idle connections for half a minute",
    "Sort the table of contents",
    "Shorten the sampling of logs",
    "Name the flags after what they do",
    "Say in the readme who owns what",
)
TIMEOUT_S = 30


class Repository:
    """A working tree at the tip of ``main``. Never reads the user's git configuration."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        if shutil.which("git") is None:
            raise RejectInput("git is not installed", field="git", action="install it")
        self._environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def begin(self, seed: int) -> str:
        """Make the repository with a history; returns its last commit."""
        chance = random.Random(seed)
        template = resources.files("opsweave.demo.company") / "template"
        with resources.as_file(template) as source:
            shutil.copytree(
                source, self.folder, ignore=shutil.ignore_patterns("__pycache__", "__init__.py")
            )
        self.git("init", "-q", "-b", "main")
        when = int(time.time()) - 9 * 86_400
        sha = ""
        for number, says in enumerate(BEGINNINGS):
            if number:
                readme = self.folder / "README.md"
                readme.write_text(readme.read_text() + f"\n- {says.lower()}\n")
            when += chance.randint(20_000, 80_000)
            sha = self.commit(says, chance.choice(AUTHORS), at=when)
        return sha

    def write(self, files: dict[str, str]) -> None:
        """Change files of the working tree."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def read(self, name: str) -> str:
        """A file of the working tree."""
        return (self.folder / name).read_text()

    def commit(self, message: str, author: str, *, at: int | None = None) -> str:
        """Commit everything; returns the full SHA."""
        self.git("add", "-A")
        mail = f"{author.lower().replace(' ', '.')}@company.example"
        stamp = f"{at or int(time.time())} +0000"
        who = {
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": mail,
            "GIT_COMMITTER_NAME": author,
            "GIT_COMMITTER_EMAIL": mail,
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
        }
        self.git("commit", "-q", "-m", message, more=who)
        return self.git("rev-parse", "HEAD").strip()

    def checkout(self, sha: str, folder: Path) -> None:
        """Put the tree of a commit into ``folder``, as a release."""
        if folder.exists():
            return
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        self.git("--work-tree", str(fresh), "checkout", "-q", sha, "--", ".")
        self.git("read-tree", "HEAD")
        fresh.rename(folder)

    def stat(self, older: str, newer: str) -> tuple[list[str], int, int]:
        """(files, lines added, lines deleted) between two commits."""
        files, added, deleted = [], 0, 0
        for line in self.git("diff", "--numstat", older, newer).splitlines():
            plus, minus, name = line.split("\t")
            files.append(name)
            added += int(plus) if plus.isdigit() else 0
            deleted += int(minus) if minus.isdigit() else 0
        return files, added, deleted

    def git(self, *arguments: str, more: dict[str, str] | None = None) -> str:
        """Run git in the repository."""
        argv: Sequence[str] = ("git", "-C", str(self.folder), *arguments)
        done = subprocess.run(
            argv,
            env=self._environment | (more or {}),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            raise RetryLater(f"git {arguments[0]} failed: {done.stderr.strip()[:300]}")
        return done.stdout
