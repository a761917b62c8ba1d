"""The locks satisfy pyproject.toml, carry hashes, and name no address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    found = {}
    for package, version, _ in PINNED.findall(text):
        found.setdefault(canonicalize_name(package), []).append(Version(version))
    return found, text


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("base", PROJECT["dependencies"]),
        ("test", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
    ],
)
def test_a_lock_satisfies_the_project(lock, wanted):
    pinned, _ = pins(lock)
    for line in wanted:
        requirement = Requirement(line)
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not locked: make requirements/{lock}.txt anew"
        assert all(requirement.specifier.contains(v) for v in versions), requirement


@pytest.mark.parametrize("lock", ["base", "test"])
def test_every_pin_has_hashes_and_no_address(lock):
    pinned, text = pins(lock)
    blocks = re.split(r"\n(?=[A-Za-z])", text)[1:]
    assert sum(map(len, pinned.values())) == len(blocks) > 20
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|index-url|find-links|trusted-host", re.sub(r"#.*", "", text))


def test_both_locks_agree():
    base, _ = pins("base")
    test, _ = pins("test")
    assert {name: test.get(name) for name in base} == base
