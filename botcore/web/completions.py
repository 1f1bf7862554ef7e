"""``GET /api/v1/renderers/{name}/completions``: names for an editor."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.errors import RendererUnavailable
from botcore.ports import Completes
from botcore.web.bodies import Query, View, read_query, respond
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

_KEEP = "public, max-age=3600"
"""The names change when somebody installs another version."""


class CompletionsQuery(Query):
    """What stands before the cursor."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"prefix": "Circ"}, {"prefix": "Circle.set_"}]})

    prefix: str = Field(default="", max_length=100, pattern=r"^[\w.]*$")
    """The beginning of a name, or of a member after a class and a dot; upper and lower case are the same."""
    limit: int = Field(default=50, ge=1, le=500)


class CompletionView(View):
    """A name."""

    name: str
    kind: str
    """class, function, method, property, value, colour or module."""
    signature: str
    """As one would write the call; empty for what is not called."""
    doc: str
    """One line; empty where nothing is known."""


class CompletionsView(View):
    """Names in the order of the alphabet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "completions": [
                        {
                            "name": "Circle",
                            "kind": "class",
                            "signature": "Circle(radius=…, color=…, **kwargs)",
                            "doc": "A circle.",
                        }
                    ],
                    "more": False,
                }
            ]
        }
    )

    completions: list[CompletionView]
    more: bool
    """Whether there are more than were asked for."""


async def get_completions(request: web.Request) -> web.Response:
    """Names of a renderer's language that begin as the request says."""
    query = read_query(request, CompletionsQuery)
    app, name = request.app[APP], request.match_info["name"]
    if name not in app.host.renderers:
        raise no_completions()
    renderer = await app.host.renderer(name)
    if not isinstance(renderer, Completes):
        raise no_completions()
    found = await renderer.complete(query.prefix, query.limit + 1)
    response = respond(
        CompletionsView(
            completions=[
                CompletionView(name=item.name, kind=item.kind, signature=item.signature, doc=item.doc)
                for item in found[: query.limit]
            ],
            more=len(found) > query.limit,
        ),
        headers={"Cache-Control": _KEEP},
    )
    body = response.body
    etag = f'"{hashlib.sha256(body if isinstance(body, bytes) else b"").hexdigest()[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag, "Cache-Control": _KEEP})
    response.headers["ETag"] = etag
    return response


def no_completions() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.NOT_FOUND, "completions_missing", "There is no such renderer, or it tells no names."
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/renderers/{name}/completions",
        get_completions,
        "Complete a name",
        "code",
        who=Who.ANYBODY,
        query=CompletionsQuery,
        answers={
            200: Answer("The names.", CompletionsView, {"ETag": "These names."}),
            304: Answer("You have them: ``If-None-Match`` names them."),
        },
        refusals=(no_completions(), RendererUnavailable()),
    ),
)
