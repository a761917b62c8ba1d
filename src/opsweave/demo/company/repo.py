"""The company's git repository: code, configuration and flags, with a history."""

from __future__ import annotations

import random
import shutil
import subprocess
import threading
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
DIFF_CHARACTERS = 4000


class Repository:
    """A working tree at the tip of ``main``. Never reads the user's git configuration."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
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

    def read(self, name: str) -> str:
        """A file of the working tree."""
        return (self.folder / name).read_text()

    def commit_files(self, files: dict[str, str], message: str, author: str) -> str:
        """Write files and commit them; returns the full SHA."""
        with self._lock:
            for name, text in files.items():
                path = (self.folder / name).resolve()
                if not path.is_relative_to(self.folder.resolve()) or ".git" in path.parts:
                    raise RejectInput("lies outside the repository", field="files")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return self.commit(message, author)

    def commit(self, message: str, author: str, *, at: int | None = None) -> str:
        """Commit everything; returns the full SHA, of the last commit when nothing differs."""
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
        with self._lock:
            self.git("add", "-A")
            if self.git("status", "--porcelain"):
                self.git("commit", "-q", "-m", message, more=who)
            return self.git("rev-parse", "HEAD").strip()

    def restore(self, sha: str, folder: str, message: str, author: str) -> str:
        """Make ``folder`` on the main branch what it was at a commit."""
        with self._lock:
            self.git("rm", "-q", "-r", "--ignore-unmatch", "--", folder)
            self.git("checkout", "-q", sha, "--", folder)
            return self.commit(message, author)

    def checkout(self, sha: str, folder: Path) -> None:
        """Put the tree of a commit into ``folder``, as a release."""
        with self._lock:
            if folder.exists():
                return
            fresh = folder.with_name(f"{folder.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
            own = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
            self.git("read-tree", sha, more=own)
            self.git("checkout-index", "-a", f"--prefix={fresh}/", more=own)
            fresh.rename(folder)

    def show(self, sha: str, name: str) -> str:
        """A file at a commit."""
        return self.git("show", f"{sha}:{name}")

    def resolve(self, text: str) -> str | None:
        """The full SHA of an abbreviated one; None when there is no such commit."""
        try:
            return self.git("rev-parse", "-q", "--verify", f"{text}^{{commit}}").strip()
        except RetryLater:
            return None

    def subject(self, sha: str) -> str:
        """First line of a commit's message."""
        return self.git("log", "-1", "--format=%s", sha).strip()

    def author(self, sha: str) -> str:
        """Who wrote a commit."""
        return self.git("log", "-1", "--format=%an", sha).strip()

    def between(self, older: str, newer: str, path: str) -> list[str]:
        """Commits that touch ``path`` after ``older`` up to ``newer``; newest first."""
        return self.git("log", "--format=%H", f"{older}..{newer}", "--", path).split()

    def diff(self, older: str, newer: str, path: str) -> str:
        """The patch between two commits, cut when it is long."""
        return self.git("diff", "--unified=1", older, newer, "--", path)[:DIFF_CHARACTERS]

    def stat(self, older: str, newer: str, path: str = ".") -> tuple[list[str], int, int]:
        """(files, lines added, lines deleted) between two commits."""
        files, added, deleted = [], 0, 0
        for line in self.git("diff", "--numstat", older, newer, "--", path).splitlines():
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
