"""``GET /openapi.json``: the API as OpenAPI 3.1, made once of the endpoints and their models."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from botcore.web import bodies, callers, problems
from botcore.web.endpoints import NAMED, PATH_NAMES, Answer, Endpoint, Header, Who
from botcore.web.keys import OPENAPI
from botcore.web.problems import Problem, Refusal

Json = dict[str, Any]
Schemas = Mapping[object, Json]
"""A reference for each model."""

_REQUEST_ID = "0k3v9q2m7x5c1h8d-1f"

TAGS: Mapping[str, str] = {
    "jobs": "Submit, follow, change, cancel.",
    "videos": "What was rendered is seen once, and is gone.",
    "code": "Code of your own, looked at before it is drawn.",
    "session": "Who you are here: language, defaults, other chats, and how all of it is forgotten.",
    "installation": "What is installed here.",
    "admin": "For the operator.",
    "health": "For the machines that watch this one.",
    "description": "This description.",
}
"""The headings, in the order in which they are shown."""

_ABOUT = """Maths problems and code in, videos out.

A submission is a job: `POST /api/v1/problems` answers at once with the address of the job, whose status
goes from `queued` to `ready`. A caller is a session or a token. The first submission without either makes a
session and answers with its cookie. A token is made by `botcore token create` and sent as
`Authorization: Bearer …`. What belongs to somebody else is not there: 404.

Every error is a problem document (RFC 9457). Decide by its `code`; its `detail` is for people.

Every answer names its request in `X-Request-Id`, or takes over the one that you send (1 to 64 of
`A-Z a-z 0-9 . _ -`). Times are UTC (RFC 3339). Members that say nothing are left out, and new ones may come.
"""


def describe(endpoints: Sequence[Endpoint], public_url: str) -> Json:
    """The document.

    :param public_url: where the API is from outside; empty: where the document was read.
    """
    schemas, definitions = _schemas(endpoints)
    paths: Json = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    used = {endpoint.tag for endpoint in endpoints}
    return {
        "openapi": "3.1.0",
        "info": {"title": "botcore", "version": version("botcore-framework"), "description": _ABOUT},
        "servers": [{"url": public_url or "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items() if name in used],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": callers.COOKIE,
                    "description": "Made by the first submission without a token.",
                },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `botcore token create`.",
                },
            },
            "headers": {
                "X-Request-Id": {
                    "description": "What the server's log calls this request.",
                    "schema": {"type": "string"},
                },
                "Retry-After": {
                    "description": "Seconds to wait before the next try.",
                    "schema": {"type": "integer", "minimum": 1},
                },
            },
        },
    }


async def get_openapi(request: web.Request) -> web.Response:
    """This document."""
    return web.Response(body=request.app[OPENAPI], content_type="application/json")


def encoded(document: Json) -> bytes:
    """The document as it is sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def refusals_of(endpoint: Endpoint) -> list[Refusal]:
    """What it may refuse: its own, and those of the doors before it; each code once for a status."""
    found = {
        (refusal.status, refusal.code): refusal
        for refusal in (*_doors(endpoint), *map(problems.refusal_of, endpoint.refusals))
    }
    return sorted(found.values(), key=lambda refusal: (refusal.status, refusal.code))


def _doors(endpoint: Endpoint) -> Iterator[Refusal]:
    yield problems.INTERNAL
    yield problems.DATABASE_DOWN
    if NAMED.search(endpoint.path):  # of the router, which knows what a name may be
        yield problems.refusal_by_status(HTTPStatus.NOT_FOUND)
    yield from map(problems.refusal_of, callers.REFUSALS.get(endpoint.who, ()))
    if endpoint.writes:
        yield problems.refusal_of(callers.origin_refused())
    if endpoint.body is not None:
        yield problems.refusal_of(bodies.json_invalid("line 1, column 2: Expecting property name"))
        yield problems.refusal_of(bodies.media_type_refused())
        yield problems.refusal_of(bodies.coding_refused())
        yield problems.refusal_of(bodies.body_slow())
        yield problems.refusal_of(bodies.body_broken())
        yield problems.refusal_by_status(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        yield problems.refusal_of(
            bodies.members_wrong("body_invalid", "body", [("quality", "must be one of low, medium, high")])
        )
    if endpoint.query is not None:
        yield problems.refusal_of(
            bodies.members_wrong("query_invalid", "query", [("limit", "must be a whole number")])
        )


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[Schemas, Json]:
    """A reference for each model, and the schemas that they lead to."""
    wanted: dict[type[BaseModel], Literal["validation", "serialization"]] = {Problem: "serialization"}
    for endpoint in endpoints:
        if endpoint.body is not None:
            wanted[endpoint.body] = "validation"
        if endpoint.query is not None:
            wanted[endpoint.query] = "validation"
        for answer in endpoint.answers.values():
            if isinstance(answer.content, type):
                wanted[answer.content] = "serialization"
    made, found = models_json_schema(list(wanted.items()), ref_template="#/components/schemas/{model}")
    queries = {endpoint.query.__name__ for endpoint in endpoints if endpoint.query is not None}
    definitions = {
        name: _plain(schema)
        for name, schema in found["$defs"].items()
        if name not in queries  # whose fields are described as parameters
    }
    return {model: schema for (model, _), schema in made.items()}, definitions


def _operation(endpoint: Endpoint, schemas: Schemas) -> Json:
    operation: Json = {
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": _words(inspect.getdoc(endpoint.handler) or ""),
        "operationId": endpoint.handler.__name__,
        "security": _SECURITY[endpoint.who],
    }
    parameters = [*_path(endpoint), *_query(endpoint), *map(_header, endpoint.headers)]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[endpoint.body]}},
        }
    responses = {str(status): _answer(answer, schemas) for status, answer in endpoint.answers.items()}
    refusals: dict[HTTPStatus, list[Refusal]] = {}
    for refusal in refusals_of(endpoint):
        refusals.setdefault(refusal.status, []).append(refusal)
    responses |= {str(status.value): _refused(status, group) for status, group in refusals.items()}
    operation["responses"] = dict(sorted(responses.items()))
    return operation


_SECURITY: Mapping[Who, list[Json]] = {
    Who.ANYBODY: [],
    Who.NEWCOMER: [{}, {"session": []}, {"token": []}],
    Who.OWNER: [{}, {"session": []}, {"token": []}],
    Who.VIEWER: [{}, {"session": []}, {"token": []}],
    Who.OPERATOR: [{}, {"token": []}],
    Who.ADMIN: [{"token": []}],
}


def _path(endpoint: Endpoint) -> Iterator[Json]:
    for name in NAMED.findall(endpoint.path):
        meant = PATH_NAMES[name]
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": meant.description,
            "schema": {"type": "string", "pattern": f"^{meant.pattern}$"},
            "example": meant.example,
        }


def _query(endpoint: Endpoint) -> Iterator[Json]:
    if endpoint.query is None:
        return
    schema = _plain(endpoint.query.model_json_schema(ref_template="#/components/schemas/{model}"))
    for name, field in schema.get("properties", {}).items():
        text = field.pop("description", "")
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": text,
            "schema": field,
        }


def _header(header: Header) -> Json:
    schema: Json = {"type": "string"}
    if header.pattern:
        schema["pattern"] = header.pattern
    return {
        "name": header.name,
        "in": "header",
        "required": False,
        "description": _words(header.description),
        "schema": schema,
        "example": header.example,
    }


def _answer(answer: Answer, schemas: Schemas) -> Json:
    described: Json = {
        "description": _words(answer.description),
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"},
            **{
                name: {"description": _words(text), "schema": {"type": "string"}}
                for name, text in answer.headers.items()
            },
        },
    }
    if isinstance(answer.content, tuple):
        described["content"] = {media_type: {"schema": _bytes(media_type)} for media_type in answer.content}
    elif answer.content is not None:
        described["content"] = {"application/json": {"schema": schemas[answer.content]}}
    return described


_EVENT: Json = {
    "description": "Each event of the stream.",
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
    "required": ["event", "data"],
}


def _bytes(media_type: str) -> Json:
    if media_type == "application/json":
        return {}
    if media_type == "text/event-stream":
        return _EVENT
    return {"type": "string"} if media_type.startswith("text/") else {"type": "string", "format": "binary"}


def _refused(status: HTTPStatus, refusals: Sequence[Refusal]) -> Json:
    headers: Json = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    if any("Retry-After" in refusal.headers for refusal in refusals):
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    codes = [refusal.code for refusal in refusals]
    return {
        "description": f"{status.phrase}: {', '.join(f'`{code}`' for code in codes)}",
        "headers": headers,
        "content": {
            problems.MEDIA_TYPE: {
                "schema": {
                    "allOf": [{"$ref": "#/components/schemas/Problem"}],
                    "properties": {"code": {"enum": codes}, "status": {"const": status.value}},
                },
                "examples": {
                    refusal.code: {
                        "value": refusal.document(_REQUEST_ID).model_dump(mode="json", exclude_unset=True)
                    }
                    for refusal in refusals
                },
            }
        },
    }


def _words(text: str) -> str:
    """Docstrings mark code by two backquotes, CommonMark by one."""
    return text.replace("``", "`")


def _plain(schema: Any) -> Any:
    """A schema without the titles that repeat the names, and with descriptions in CommonMark."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept: Json = {}
    for key, value in schema.items():
        if key in {"properties", "$defs"}:
            kept[key] = {name: _plain(item) for name, item in value.items()}
        elif key == "description":
            kept[key] = _words(value)
        elif key in {"examples", "default", "enum", "const"}:
            kept[key] = value
        elif key != "title":
            kept[key] = _plain(value)
    return kept


ENDPOINTS = (
    Endpoint(
        "GET",
        "/openapi.json",
        get_openapi,
        "Read this description as OpenAPI 3.1",
        "description",
        answers={200: Answer("The document.", ("application/json",))},
    ),
)
