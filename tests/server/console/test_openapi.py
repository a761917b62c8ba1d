"""The description covers the whole API and refers to nothing that it does not say."""

from __future__ import annotations

import json

from opsweave.server.console.answers import ANSWERS
from opsweave.server.console.openapi import calls, document
from opsweave.server.openapi import text


def refs(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from refs(item)


def test_everything_is_described(rig) -> None:
    told = document(rig.assembly.app)
    described = {(m.upper(), p) for p, ops in told["paths"].items() for m in ops}
    routes = {
        (method, route.path_format)
        for route in rig.assembly.app.routes
        for method in getattr(route, "methods", ())
        if route.path_format.startswith("/api/v1/") and method not in ("OPTIONS", "HEAD")
    }
    doors = {("POST", "/api/v1/write")}
    live = {("GET", "/api/v1/live")}
    assert described == (routes - doors) | live
    schemas = told["components"]["schemas"]
    assert {"Page", "Stat", "SignedIn", "Nav", "Incident", "Problem"} <= set(schemas)
    assert {ref.removeprefix("#/components/schemas/") for ref in refs(told)} <= set(schemas)


def test_no_answer_is_said_of_a_call_that_is_gone(rig) -> None:
    known = {f"{c.method} {c.path.removeprefix('/api/v1/')}" for c in calls(rig.assembly.app)}
    assert set(ANSWERS) <= known


def test_a_call_in_full(rig) -> None:
    session = document(rig.assembly.app)["paths"]["/api/v1/session"]
    sent = session["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert sent == {"$ref": "#/components/schemas/SignInBody"}
    assert session["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/SignedIn"
    }
    assert list(session["delete"]["responses"]) == ["204", "default"]


def test_the_command_prints_the_same_for_everybody() -> None:
    first = text()
    assert first == text()
    assert json.loads(first)["info"]["title"] == "Opsweave"
