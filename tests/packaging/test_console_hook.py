"""hatch_build.py: when the console is built, and what is said when it cannot be."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
INTERFACE = "hatchling.builders.hooks.plugin.interface"


class Hook:
    """What the hook uses of hatchling's interface, which lives in build environments alone."""

    def __init__(self, root):
        self.root, self.app = str(root), SimpleNamespace(display_info=lambda said: None)


@pytest.fixture
def hatch_build(monkeypatch):
    interface = ModuleType(INTERFACE)
    interface.BuildHookInterface = type(
        "BuildHookInterface", (Hook,), {"__class_getitem__": classmethod(lambda cls, of: cls)}
    )
    monkeypatch.setitem(sys.modules, INTERFACE, interface)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path):
    """A checkout with a console of two files."""
    src = tmp_path / "web" / "src"
    (src / "testing").mkdir(parents=True)
    (tmp_path / "web" / "package.json").write_text("{}")
    (src / "main.tsx").write_text("first")
    return tmp_path


def with_node(hatch_build, monkeypatch, checkout, body):
    """Stands for node: a script of Python's, called as node would be with npm's arguments."""
    npm = checkout / "npm.py"
    npm.write_text(
        f"import os, pathlib, sys\nout = pathlib.Path(os.environ['OPSWEAVE_STATIC'])\n{body}"
    )
    monkeypatch.setattr(hatch_build, "node_and_npm", lambda: (Path(sys.executable), npm))


BUILDS = """
if sys.argv[1] == "run":
    out.mkdir()
    (out / "index.html").write_text(pathlib.Path("src/main.tsx").read_text())
"""


def test_node_is_asked_for_only_when_the_console_changed(hatch_build, monkeypatch, checkout):
    with_node(hatch_build, monkeypatch, checkout, BUILDS)
    hook = hatch_build.ConsoleHook(checkout)
    static = checkout / "src/opsweave/server/static"
    assert hook.dependencies() == [hatch_build.NODE]
    hook.initialize("editable", {})
    assert (static / "index.html").read_text() == "first"
    assert hook.dependencies() == []

    (checkout / "web/src/main.tsx").write_text("second")
    assert hook.dependencies() == [hatch_build.NODE]
    hook.initialize("standard", {})
    assert (static / "index.html").read_text() == "second"


def test_what_is_built_is_not_built_again(hatch_build, monkeypatch, checkout):
    with_node(hatch_build, monkeypatch, checkout, BUILDS)
    hook = hatch_build.ConsoleHook(checkout)
    hook.initialize("standard", {})
    with_node(hatch_build, monkeypatch, checkout, "sys.exit(1)")
    hook.initialize("standard", {})


def test_tests_of_the_console_are_no_input(hatch_build, checkout):
    before = hatch_build.digest(checkout / "web")
    (checkout / "web/src/main.test.tsx").write_text("a test")
    (checkout / "web/src/testing/show.tsx").write_text("a tool of tests")
    assert hatch_build.digest(checkout / "web") == before
    (checkout / "web/src/more.ts").write_text("")
    assert hatch_build.digest(checkout / "web") != before


def test_a_name_is_an_input_as_its_content_is(hatch_build, checkout):
    before = hatch_build.digest(checkout / "web")
    (checkout / "web/src/main.tsx").rename(checkout / "web/src/other.tsx")
    assert hatch_build.digest(checkout / "web") != before


def test_without_a_registry_one_sentence_names_the_way_out(hatch_build, monkeypatch, checkout):
    says = "print('npm error code ENOTFOUND\\nnpm error network request failed'); sys.exit(1)"
    with_node(hatch_build, monkeypatch, checkout, says)
    with pytest.raises(SystemExit) as left:
        hatch_build.ConsoleHook(checkout).initialize("standard", {})
    said = str(left.value)
    assert "the npm registry cannot be reached" in said
    assert "HATCH_BUILD_NO_HOOKS=true" in said
    assert "\n" not in said


def test_another_failure_carries_its_last_lines_and_leaves_the_old_console(
    hatch_build, monkeypatch, checkout
):
    with_node(hatch_build, monkeypatch, checkout, BUILDS)
    hook = hatch_build.ConsoleHook(checkout)
    hook.initialize("standard", {})
    (checkout / "web/src/main.tsx").write_text("broken")
    with_node(hatch_build, monkeypatch, checkout, "print('main.tsx: unexpected'); sys.exit(3)")
    with pytest.raises(SystemExit, match=r"ended with 3 \(main.tsx: unexpected\)"):
        hook.initialize("standard", {})
    assert (checkout / "src/opsweave/server/static/index.html").read_text() == "first"


def test_the_lock_names_no_host():
    assert '"resolved"' not in (ROOT / "web/package-lock.json").read_text(encoding="utf-8")
