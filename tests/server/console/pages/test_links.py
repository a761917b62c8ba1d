"""Every link of every page leads to a page that answers, whatever the names hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import msgspec
import pytest

from opsweave.facts import Run, RunStatus
from opsweave.kernel.clock import SECOND
from opsweave.pages import links
from opsweave.testing.up import UpProcess

HOSTILE = (
    "org/repo#1?x=1@sha256:ab",
    "https://host/../x//y/",
    "../..",
    "100%/%2e%2e/%zz",
    "//evil.example",
    "a b\\c&d;e",
    "<b>\u202e\u00e9",
)
ROOTS = (
    "overview",
    "map",
    "record",
    "settings",
    "incidents",
    "recovery",
    "delivery",
    "reliability",
    "explore/metrics",
    "explore/events",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, assembling, of, small) -> Any:
    with assembling(tmp_path_factory.mktemp("hostile")) as assembly:
        now, state = assembly.clock.now_ns(), assembly.stores.state
        small.fill(assembly, now)
        for n, name in enumerate(HOSTILE):
            ref = f"service:prod/shop/{name}"
            assembly.graph.see(ref, now)
            state.put(small.alert(f"h{n}", ref, started=now - 60 * SECOND))
            state.put(
                msgspec.structs.replace(
                    small.change(f"only-{n}", now), entity=f"service:only/a-change/{name}"
                )
            )
            made = small.change(name, now - (n + 20) * SECOND)
            state.put(msgspec.structs.replace(made, entity=ref, outcome="failed"))
            blames = small.incident(f"inc/{name}", now - 50 * SECOND)
            cause = msgspec.structs.replace(blames.causes[0], change=name, entity=ref)
            state.put(msgspec.structs.replace(blames, causes=(cause,), entities=(ref,)))
            status, incident = RunStatus.WAITING, blames.id
            run = Run(id=f"run/{name}", pipeline=name, incident=incident, started_ns=now)
            state.put(msgspec.structs.replace(run, status=status))
        yield of(assembly)


def browsed(to: str) -> str:
    """The path that the server sees when a browser follows a link of the console."""
    parts = [part for part in urlsplit(f"http://host/{to}").path.split("/") if part]
    dots = {".", "..", "%2e", ".%2e", "%2e.", "%2e%2e"}
    assert not dots & {part.lower() for part in parts}, f"{to}: a browser eats it"
    assert not to.startswith("/") and "//" not in to.partition("?")[0]
    return "/".join(unquote(part, errors="strict") for part in parts)


def found(part: Any) -> Any:
    """All links of a page."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("to", "remedy_to", "entity_to", "change_to") and isinstance(value, str):
                yield value
            else:
                yield from found(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from found(item)


def of_page(console, path: str) -> set[str]:
    return set(found(msgspec.to_builtins(console.page(path)))) - {""}


def test_every_link_of_every_page_answers(hostile) -> None:
    seen = set().union(*(of_page(hostile, path) for path in ROOTS))
    seen |= {links.change_to(name) for name in HOSTILE}
    for to in sorted(seen):
        path = browsed(to)
        if not path.startswith(("explore/", "recovery/runbooks")):
            seen |= of_page(hostile, path)
    for to in sorted(seen):
        path = browsed(to)
        if not path.startswith(("explore/", "recovery/runbooks")):
            assert hostile.page(path).title
    for name in HOSTILE:
        assert links.change_to(name) in seen
        assert links.entity_to(f"service:prod/shop/{name}") in seen
        assert links.entity_to(f"service:only/a-change/{name}") in seen
        assert links.incident_to(f"inc/{name}") in seen
        assert links.run_to(f"run/{name}") in seen


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_comes_back_whole(hostile, name: str) -> None:
    for to, key in (
        (links.change_to(name), "id"),
        (links.entity_to(name), "ref"),
        (links.incident_to(name), "id"),
        (links.run_to(name), "id"),
        (links.runbook_to(name), "name"),
        (links.slo_to(name), "slo"),
        (links.trace_to(name), "id"),
    ):
        _, params = hostile.registry.match(browsed(to))
        assert params == {key: name}


@pytest.mark.slow
def test_a_name_comes_back_whole_over_http(tmp_path: Path) -> None:
    """A real server: the client of the tests decodes twice."""
    up = UpProcess(tmp_path / "data")
    up.start()
    try:
        headers = {"authorization": f"Bearer {up.token('read')}"}
        with httpx.Client(base_url=up.url, headers=headers, trust_env=False) as client:
            for name in HOSTILE:
                answer = client.get(f"/api/v1/pages/{links.change_to(name)}")
                assert answer.json()["error"] == f"no change {name}"
    finally:
        up.kill()
