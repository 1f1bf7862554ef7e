"""``GET`` and ``POST /api/v1/code/validate``: what is wrong with code, without running any of it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web
from pydantic import ConfigDict

from botcore.app import App
from botcore.errors import CodeTooLong, EmptyText, ForbiddenCharacter
from botcore.intake.routing import as_code
from botcore.intake.text import check_code, plain
from botcore.model import Finding, Severity, Source
from botcore.pipeline import findings_of
from botcore.web.addresses import client_address
from botcore.web.bodies import Body, Query, View, read_body, read_query, respond
from botcore.web.crowds import Bound, Crowd
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.job_views import MOST_FINDINGS, FindingView, finding_view
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

AT_ONCE = 2
"""Codes that are read side by side; more of them wait. They would be read no faster: the threads of a process
share one interpreter, and so do everybody's other requests."""
MOST_OF_ALL = 40
"""Codes that are read or wait; more are sent away."""
MOST_OF_ADDRESS = 10
"""Of them, those that came from one address: whoever is there as well gets a turn."""
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


SENDERS = web.AppKey("senders", Crowd)
"""By address: whose codes are read or wait."""
TURNS = web.AppKey("turns", asyncio.Semaphore)


def open_readers(site: web.Application) -> None:
    """Give ``site`` what the endpoints count with."""
    site[SENDERS] = Crowd(each=Bound(MOST_OF_ADDRESS, too_many), together=Bound(MOST_OF_ALL, busy))
    site[TURNS] = asyncio.Semaphore(AT_ONCE)


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
        with request.app[SENDERS].one_more(client_address(request, app.settings.web)):
            async with request.app[TURNS]:
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


def too_many() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_much_code",
        f"{MOST_OF_ADDRESS} codes from your address are being checked. Wait for one of them first.",
        headers={"Retry-After": "2"},
    )


def busy() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "validators_busy",
        "Too much code is being checked just now. Try again in a few seconds.",
        headers={"Retry-After": "2"},
    )


_ANSWERS = {200: Answer("What was found; nothing, where all is well.", FindingsView)}
_REFUSED = (EmptyText(), CodeTooLong(length=50_001, maximum=50_000), too_many(), busy())

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
