"""``GET`` and ``POST /api/v1/code/validate``: what is wrong with code, without running any of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web
from pydantic import ConfigDict

from botcore.app import App
from botcore.errors import CodeTooLong, EmptyText, ForbiddenCharacter
from botcore.intake.routing import as_code
from botcore.intake.text import check_code, plain
from botcore.model import Finding, Severity, Source
from botcore.pipeline import findings_of
from botcore.web.bodies import Body, Query, View, read_body, read_query, respond
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.job_views import MOST_FINDINGS, FindingView, finding_view
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

_AT_ONCE = 4
"""Codes that are read side by side; more of them wait."""
_MOST = 40
"""Codes that are read or wait; more are sent away."""
_CODE = (
    "from manim import *\n\n"
    "class Demo(Scene):\n    def construct(self):\n        self.play(Creat(Circle()))\n"
)


class CodeQuery(Query):
    """Code that fits into an address: all of a request's first line is at most 8190 bytes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "class Demo(Scene): pass"}]})

    code: str


class CodeToValidate(Body):
    """Code of a renderer's language, and nothing around it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": _CODE}]})

    code: str


class FindingsView(View):
    """What was noticed. Whatever is no code at all is an error among the findings, too."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "valid": False,
                    "findings": [
                        {
                            "severity": "error",
                            "code": "manim_name",
                            "message": "“Creat” is not defined: write Create",
                            "line": 5,
                            "column": 19,
                            "fix": [
                                {
                                    "line": 5,
                                    "column": 19,
                                    "end_line": 5,
                                    "end_column": 24,
                                    "replacement": "Create",
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    valid: bool
    """Whether there is no error: warnings do not count."""
    findings: list[FindingView]
    """In the order of their lines; at most a hundred."""


class Readers:
    """How many codes are read at once."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._here = 0

    @asynccontextmanager
    async def one_more(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it while the body runs.

        :raises RequestRefused: 503, too many wait already.
        """
        if self._here >= _MOST:
            raise busy()
        self._here += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1


READERS = web.AppKey("readers", Readers)


async def get_findings(request: web.Request) -> web.Response:
    """Check code that fits into the address. Nothing of it is run, and nothing is kept."""
    return await _findings(request, read_query(request, CodeQuery).code)


async def post_findings(request: web.Request) -> web.Response:
    """Check code. Nothing of it is run, and nothing is kept."""
    return await _findings(request, (await read_body(request, CodeToValidate)).code)


async def _findings(request: web.Request, code: str) -> web.Response:
    app = request.app[APP]
    check_code(code, app.submissions.rules)
    try:
        text = plain(code)
    except ForbiddenCharacter as error:
        found = [_forbidden(code, error)]
    else:
        async with request.app[READERS].one_more():
            found = await findings_of(app.host, _source(text, app))
    return respond(
        FindingsView(
            valid=all(item.severity is not Severity.ERROR for item in found),
            findings=[finding_view(item) for item in found[:MOST_FINDINGS]],
        )
    )


def _source(text: str, app: App) -> Source:
    """``text`` in the language that it looks like; unchanged, because lines and columns are told."""
    renderers = app.host.renderers
    name = as_code(text, list(renderers.values())).renderer or app.renderer
    return Source(renderers[name].language, text)


def _forbidden(code: str, error: ForbiddenCharacter) -> Finding:
    """A character that no code holds, as something to be found."""
    named = str(error.params["character"])
    place = code.index(chr(int(named.removeprefix("U+"), 16)))
    start = code.rfind("\n", 0, place) + 1
    line = code.count("\n", 0, place) + 1
    return Finding(Severity.ERROR, error.code, error.message, line, place - start + 1)


def busy() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "validators_busy",
        "Too much code is being checked just now. Try again in a few seconds.",
        headers={"Retry-After": "2"},
    )


_ANSWERS = {200: Answer("What was found; nothing, where all is well.", FindingsView)}
_REFUSED = (EmptyText(), CodeTooLong(length=50_001, maximum=50_000), busy())

ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/code/validate",
        get_findings,
        "Check a little code",
        "code",
        who=Who.ANYBODY,
        query=CodeQuery,
        answers=_ANSWERS,
        refusals=_REFUSED,
    ),
    Endpoint(
        "POST",
        "/api/v1/code/validate",
        post_findings,
        "Check code",
        "code",
        who=Who.ANYBODY,
        body=CodeToValidate,
        answers=_ANSWERS,
        refusals=_REFUSED,
    ),
)
