"""``GET`` and ``POST /api/v1/session/link``: this browser and a chat as one person.

Posting nothing makes a code to type in the chat; posting a ``code`` of the chat uses it up; posting an
``answer`` says yes or no, after which the other side has to say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from botcore.app import WEB, App
from botcore.errors import LinkCodeWrong, LinkOver
from botcore.state import Identity, Link, LinkState, Party, read_code, show_code
from botcore.web.callers import Caller, caller_or_new, find_caller, identity_of, set_cookie
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused
from botcore.web.requests import Body, read_body


class LinkBody(Body):
    """One of the two, or neither. ``id`` says which link is answered; else the one that waits."""

    code: str | None = Field(default=None, max_length=100)
    answer: Literal["yes", "no"] | None = None
    id: str | None = Field(default=None, max_length=32)


async def get_link(request: web.Request) -> web.Response:
    """Where the caller's newest link stands, with the question that waits for an answer.

    404 when there is none.
    """
    app = request.app[APP]
    caller = await find_caller(request, app)
    link = await app.linking.of(_identity(caller)) if caller is not None else None
    if caller is None or link is None:
        raise RequestRefused(HTTPStatus.NOT_FOUND, "not_found", LinkOver().message)
    return _shown(_described(app, link, caller), caller, app)


async def post_link(request: web.Request) -> web.Response:
    """One step of a link."""
    body = await read_body(request, LinkBody)
    if body.code is not None and body.answer is not None:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY, "body_invalid", "Send a code or an answer, not both."
        )
    app = request.app[APP]
    if body.code is not None and read_code(body.code) is None:
        raise LinkCodeWrong  # before a session is made for somebody who sends rubbish
    if body.answer is not None:
        return await _answered(request, app, agreed=body.answer == "yes", link_id=body.id)
    caller = await caller_or_new(request, app)
    party = Party(_identity(caller), scope=app.role.scope)
    if body.code is not None:
        # A new cookie is a new person: what cannot be changed so easily is the address.
        guesser = [f"address {request.remote}"]
        link = await app.linking.take(read_code(body.code) or "", party, guesser=guesser)
        return _shown(_described(app, link, caller), caller, app)
    link, code = await app.linking.make(party)
    return _shown(_described(app, link, caller) | {"code": show_code(code)}, caller, app)


async def _answered(request: web.Request, app: App, *, agreed: bool, link_id: str | None) -> web.Response:
    caller = await find_caller(request, app)
    if caller is None:
        raise LinkOver
    if not agreed:
        await app.linking.refuse(_identity(caller), link_id)
        return _shown({"state": "refused"}, caller, app)
    link = await app.linking.agree(_identity(caller), link_id)
    return _shown(_described(app, link, caller), caller, app)


def _described(app: App, link: Link, caller: Caller) -> dict[str, Any]:
    me, language = _identity(caller), caller.session.language
    shown: dict[str, Any] = {
        "id": link.id,
        "state": link.state.value,
        "expires_at": link.expires_at.isoformat(),
    }
    other = link.other(me)
    if other is not None:
        shown["with"] = app.linking.account(other.identity, language)
    if link.state is LinkState.LINKED:
        shown["message"] = app.linking.done(link, me, language)
    elif _asked(link, me):
        shown["message"] = app.linking.question(link, me, language)
    return shown


def _asked(link: Link, me: Identity) -> bool:
    """Whether the link waits for this side's answer."""
    return link.state is (LinkState.AGREED if me == link.maker.identity else LinkState.TAKEN)


def _identity(caller: Caller) -> Identity:
    return Identity(WEB, identity_of(caller.token))


def _shown(body: Mapping[str, Any], caller: Caller, app: App) -> web.Response:
    response = web.json_response(body, headers={"Cache-Control": "no-store"})
    set_cookie(response, caller, app)
    return response
