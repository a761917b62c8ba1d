"""Whatever a user can name is documented, and what the documents name exists."""

import doctest
import importlib.util
import re
from pathlib import Path

import msgspec
import pytest
import typer.main

from opsweave.cli._app import build
from opsweave.demo.faults import catalogue
from opsweave.integrations.discover import manifests
from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.runs.policy import Policy
from opsweave.server.configuration import read_configuration
from opsweave.server.doors.discover import all_doors
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RUNBOOKS = ROOT / "src" / "opsweave" / "practices" / "aiops" / "runbooks"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


def commands(command, name="opsweave"):
    """(name, command) of all leaves."""
    below = getattr(command, "commands", {})
    if not below:
        yield name, command
    for part, child in below.items():
        yield from commands(child, f"{name} {part}")


COMMANDS = dict(commands(typer.main.get_command(build())))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    page = text("cli.md")
    assert f"`{name}" in page or f"## {name}" in page
    options = [
        option
        for parameter in COMMANDS[name].params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    ]
    missing = [option for option in options if option not in page]
    assert not missing


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_exit_codes(name):
    command = COMMANDS[name]
    assert command.help
    assert "Example:" in command.epilog
    assert "Exit codes:" in command.epilog
    assert any("--json" in parameter.opts for parameter in command.params)


@pytest.mark.parametrize("door", all_doors(), ids=lambda door: door.id)
def test_every_door_is_documented(door):
    assert door.path.replace(":str", "") in text("doors.md")


@pytest.mark.parametrize("field", msgspec.structs.fields(UpSettings), ids=lambda f: f.name)
def test_every_setting_is_documented(field):
    option = f"--{field.name.replace('_', '-').removesuffix('s')}"
    assert option in text("cli.md")


@pytest.mark.parametrize("field", msgspec.structs.fields(Policy), ids=lambda f: f.name)
def test_every_key_of_the_policy_is_documented(field):
    assert f"`{field.encode_name}" in text("recovery.md") or field.encode_name in text(
        "recovery.md"
    )


@pytest.mark.parametrize("manifest", manifests().values(), ids=lambda manifest: manifest.id)
def test_every_integration_is_documented(manifest):
    page = text("integrations.md")
    assert f"`{manifest.id}`" in page
    assert f"## {manifest.name}" in page


def test_every_fact_is_documented():
    spec = importlib.util.spec_from_file_location("facts_page", ROOT / ".ci" / "facts_page.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert text("facts.md") == maker.page(), "run .ci/facts_page.py"


@pytest.mark.parametrize("fault", catalogue(), ids=lambda fault: fault.name)
def test_every_fault_is_documented(fault):
    assert f"`{fault.name}`" in text("faults.md")


@pytest.mark.parametrize("name", sorted(path.stem for path in RUNBOOKS.glob("*.yaml")))
def test_every_runbook_is_documented(name):
    assert f"`{name}`" in text("recovery.md")


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "data"
    settings = UpSettings(data=folder)
    with opened(DataFolder(folder), SystemClock()) as stores:
        app = Assembly(stores, read_configuration(None), settings, SystemClock()).app
        return {
            (method, re.sub(r":\w+\}", "}", route.path))
            for route in app.routes
            for method in getattr(route, "methods", ())
        }


def test_every_call_of_the_api_is_documented(routes):
    page = text("http-api.md")
    calls = {(m, p) for m, p in routes if p.startswith("/api/v1") and m in ("GET", "POST", "PUT")}
    doors = {door.path.replace(":str", "") for door in all_doors()}
    missing = {
        f"{method} {path}"
        for method, path in calls
        if path not in doors and f"{method} {path}" not in page
    }
    assert len(calls) > 10
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    broken = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target)
        and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert not broken


def test_every_page_is_in_the_index():
    index = text("index.md") + text("adr/README.md") + text("results/README.md")
    missing = [page.name for page in DOCS.rglob("*.md") if page.name not in index]
    assert not [name for name in missing if name not in ("index.md", "README.md")]


def test_the_examples_of_the_library_page_run():
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, ran = doctest.testfile(
        str(DOCS / "library.md"), module_relative=False, optionflags=flags
    )
    assert (failed, ran > 5) == (0, True)
