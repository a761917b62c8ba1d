"""The HTTP API as OpenAPI 3.1, read off the handlers and the records that they answer with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import KwargDefinition
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from opsweave import __version__
from opsweave.server.console.answers import ANSWERS, Items
from opsweave.server.console.live import Heard
from opsweave.server.console.schemas import Schemas

PREFIX = "/api/v1/"
_INJECTED = frozenset({"request", "data", "state", "headers", "cookies", "socket", "scope"})
_ANSWERED = {"GET": 200, "PUT": 200, "PATCH": 200, "POST": 201, "DELETE": 204}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Every refusal: what is wrong, in which field, and what to do next."""

    error: str
    field: str = ""
    action: str = ""


class Call(NamedTuple):
    """One operation; ``path`` in the spelling of OpenAPI."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def fields(self) -> dict[str, FieldDefinition]:
        """Parameters of the function by name."""
        return dict(self.handler.parsed_fn_signature.parameters)

    @property
    def body(self) -> Any:
        """The type of what is sent, or None."""
        field = self.fields.get("data")
        return field.annotation if field is not None else None

    @property
    def answer(self) -> Any:
        """A record, :class:`Items` of one, or None where any JSON is answered."""
        said = ANSWERS.get(f"{self.method} {self.path.removeprefix(PREFIX)}")
        if said is not None:
            return said
        found = self.handler.parsed_fn_signature.return_type.annotation
        if get_origin(found) is Response:
            (found,) = get_args(found)
        return found if isinstance(found, type) and issubclass(found, msgspec.Struct) else None


def calls(app: Litestar) -> Iterator[Call]:
    """Everything below ``/api/v1`` but doors, which name no scope of their own."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not route.path_format.startswith(PREFIX):
            continue
        for handler in route.route_handlers:
            if "scope" in handler.opt:
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield Call(str(method), route.path_format, handler)


def document(app: Litestar) -> dict[str, Any]:
    """The whole description."""
    found = sorted(calls(app), key=lambda call: (call.path, call.method))
    schemas = Schemas([Problem, Heard, *_types(found)])
    paths: dict[str, dict[str, Any]] = {}
    paths[f"{PREFIX}live"] = {"get": _live(schemas)}
    for call in found:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Opsweave", "version": __version__},
        "security": [{"token": []}, {"session": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.all.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "ow_session"},
            },
        },
    }


def _types(found: Iterable[Call]) -> Iterator[Any]:
    for call in found:
        answer = call.answer
        asked = (field.annotation for name, field in call.fields.items() if name not in _INJECTED)
        yield from (type_ for type_ in (_of(answer), call.body, *asked) if type_ is not None)


def _of(answer: Any) -> Any:
    return answer.of if isinstance(answer, Items) else answer


def _operation(call: Call, schemas: Schemas) -> dict[str, Any]:
    status = call.handler.status_code or _ANSWERED[call.method]
    out: dict[str, Any] = {
        "operationId": _id(call),
        "x-scope": call.handler.opt["scope"],
        "parameters": [
            _parameter(name, field, call.path, schemas)
            for name, field in call.fields.items()
            if name not in _INJECTED
        ],
        "responses": {
            str(status): _response(call.answer, status, schemas),
            "default": {"description": "refused", "content": _json(schemas.of(Problem))},
        },
    }
    if call.body is not None:
        out["requestBody"] = {"required": True, "content": _json(schemas.of(call.body))}
    return out


def _id(call: Call) -> str:
    """``get_runs_id``, for clients that name functions."""
    words = call.path.removeprefix(PREFIX).translate({ord(c): "_" for c in "/{}:-"})
    return "_".join([call.method.lower(), *(word for word in words.split("_") if word)])


def _parameter(name: str, field: FieldDefinition, path: str, schemas: Schemas) -> dict[str, Any]:
    if f"{{{name}}}" in path:
        return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    known = field.kwarg_definition
    alias = getattr(known, "name", None) if isinstance(known, KwargDefinition) else None
    return {
        "name": alias or getattr(known, "query", None) or name,
        "in": "query",
        "required": field.is_required,
        "schema": schemas.of(field.annotation),
    }


def _response(answer: Any, status: int, schemas: Schemas) -> dict[str, Any]:
    if status == 204:
        return {"description": "done"}
    schema: dict[str, Any] = {"type": "object"} if answer is None else schemas.of(_of(answer))
    if isinstance(answer, Items):
        schema = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": schema}},
            "required": ["items"],
        }
    return {"description": "answered", "content": _json(schema)}


def _live(schemas: Schemas) -> dict[str, Any]:
    """The stream, which is no handler of requests."""
    topics = {"name": "topics", "in": "query", "required": False, "schema": {"type": "string"}}
    events = {"text/event-stream": {"schema": schemas.of(Heard)}}
    return {
        "operationId": "get_live",
        "x-scope": "read",
        "parameters": [topics],
        "responses": {"200": {"description": "the data of each event news", "content": events}},
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
