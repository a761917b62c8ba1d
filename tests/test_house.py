"""The inspector: one small rule a test over the whole tree."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "opsweave"
TEMPLATE = PACKAGE / "demo" / "company" / "template"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if TEMPLATE not in path.parents)
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
BROAD = {"Exception", "BaseException"}


def tracked():
    """Files that git knows; those of the tree where there is no git (an unpacked archive)."""
    git = ["git", "-C", str(ROOT), "ls-files", "-z"]
    done = subprocess.run(git, capture_output=True, check=False)
    names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    found = [ROOT / name for name in names if name] or [
        *PACKAGE.rglob("*"),
        *ROOT.glob("docs/**/*"),
    ]
    return [path for path in found if path.is_file()]


def shown(paths):
    return "\n".join(str(path) for path in paths)


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_have_one_purpose():
    sizes = sorted((lines_of(path), path) for path in SOURCES)
    real = [n for n, _ in sizes if n > 5]
    assert sizes[-1][0] <= 800, sizes[-1]
    assert statistics.median(real) <= 130
    assert statistics.quantiles(real, n=10)[-1] <= 350


def test_functions_are_short():
    lengths = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, FUNCTION):
                length = node.end_lineno - node.lineno + 1
                lengths.append((length, node.name, path.name))
    lengths.sort()
    assert lengths[int(len(lengths) * 0.95)][0] <= 50
    assert lengths[-1][0] <= 120, lengths[-1]


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node is not None else BROAD


def broad_places(path):
    """Line numbers of broad excepts, and of suppress(Exception)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler) and names_in(node.type) & BROAD:
            passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if not passes_on:
                yield node.lineno
        suppresses = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "suppress"
        if suppresses and any(names_in(arg) & BROAD for arg in node.args):
            yield node.lineno


def test_only_the_boundary_catches_everything():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path != PACKAGE / "kernel" / "boundary.py"
        for line in broad_places(path)
    ]
    assert not found, shown(found)


def test_no_stub_is_left():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert not found, shown(found)


@pytest.mark.parametrize(
    "room", sorted(p for p in (PACKAGE / "integrations").iterdir() if (p / "__init__.py").exists()),
    ids=lambda room: room.name,
)  # fmt: skip
def test_an_integration_has_the_shape_of_all(room):
    files = {path.name for path in room.iterdir()}
    assert "manifest.toml" in files
    assert files & {"parse.py", "actions.py"}
    assert "mock.py" in files


def test_every_folder_of_the_package_is_a_package():
    folders = {path.parent for path in SOURCES}
    assert not [f for f in folders if not (f / "__init__.py").exists()]


def test_tests_mirror_the_tree():
    aside = {"usercode", "storms", "e2e", "packaging"}
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("*.py")}
    wrong = [
        folder
        for folder in folders
        if folder.parts and folder.parts[0] not in aside and not (PACKAGE / folder).is_dir()
    ]
    assert not wrong, f"tests of what is not there: {shown(wrong)}"


ROOMS = sorted(
    path
    for floor in ("analysis", "record", "integrations", "practices")
    for path in (PACKAGE / floor).iterdir()
    if (path / "__init__.py").exists()
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: f"{room.parent.name}/{room.name}")
def test_every_room_has_tests(room):
    floor = ROOT / "tests" / room.parent.name
    own = [*floor.glob(f"{room.name}/**/test_*.py"), *floor.glob(f"test_{room.name}*.py")]
    assert own


def forbidden():
    """Joined here, so that this file does not hold what it forbids."""
    files = "detsohnohtyp"[::-1]
    hosts = [("pypi", "org"), (files, "org"), ("registry", "npmjs"), ("deb", "debian")]
    paths = [("", "work", ""), ("tmp", "ow"), ("tmp", "venv"), ("", "root", "")]
    words = [("bash", "jobs"), ("before", "stop"), ("steering", "repo")]
    found = [
        *(".".join(parts) for parts in hosts),
        *("/".join(parts) for parts in paths),
        *("-".join(parts) for parts in words),
    ]
    return re.compile("|".join(map(re.escape, found)))


def test_nothing_of_a_registry_or_a_machine_is_written_down():
    pattern = forbidden()
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    assert not found, shown(found)


def test_no_file_is_heavy():
    assert not [path for path in tracked() if path.stat().st_size > 1_000_000]


def test_imports_go_down_only():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
