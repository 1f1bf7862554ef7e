"""``GET`` and ``POST /api/v1/session/link``: this browser and a chat as one person.

Posting nothing makes a code to type in the chat; posting a ``code`` of the chat uses it up; posting an
``answer`` says yes or no, after which the other side has to say the same.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.app import App
from botcore.errors import (
    AccessRefused,
    AlreadyLinked,
    LinkCodeWrong,
    LinkNotReady,
    LinkOver,
    LinkTriesUsedUp,
    OwnLinkCode,
    RateLimited,
)
from botcore.state import Identity, Link, LinkState, Party, read_code, show_code
from botcore.web.bodies import Body, View, read_body, respond
from botcore.web.callers import Caller, address_account, caller_or_new, find_caller, set_cookie
from botcore.web.endpoints import PATH_NAMES, Answer, Endpoint, Who
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused


class LinkBody(Body):
    """One of ``code`` and ``answer``, or neither."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"code": "7KQ2-M4XD"}, {"answer": "yes"}]})

    code: str | None = Field(default=None, max_length=100)
    """What the chat gave you."""
    answer: Literal["yes", "no"] | None = None
    id: str | None = Field(default=None, pattern=f"^{PATH_NAMES['id'].pattern}$")
    """The link that is answered; without it, the one that waits."""


class LinkView(View):
    """Where a link stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "9f1c2ab34d5e6f70",
                    "state": "open",
                    "expires_at": "2026-11-22T21:10:00Z",
                    "code": "7KQ2-M4XD",
                },
                {"state": "refused"},
            ]
        }
    )

    id: str | None = None
    state: Literal["open", "taken", "agreed", "linked", "refused"]
    expires_at: datetime | None = None
    with_: str | None = Field(default=None, alias="with")
    """The other account, as its platform calls it."""
    message: str | None = None
    """The question that waits for your answer, or that it is done; in your language."""
    code: str | None = None
    """To be typed in the other chat; shown once."""


async def get_link(request: web.Request) -> web.Response:
    """Where the caller's newest link stands, with the question that waits for an answer.

    404 when there is none.
    """
    app = request.app[APP]
    caller = await find_caller(request, app)
    link = await app.linking.of(caller.identity) if caller is not None else None
    if caller is None or link is None:
        raise _no_link()
    return _shown(_described(app, link, caller), caller, app)


async def post_link(request: web.Request) -> web.Response:
    """One step of a link."""
    body = await read_body(request, LinkBody)
    if body.code is not None and body.answer is not None:
        raise _both()
    app = request.app[APP]
    if body.code is not None and read_code(body.code) is None:
        raise LinkCodeWrong  # before a session is made for somebody who sends rubbish
    if body.answer is not None:
        return await _answered(request, app, agreed=body.answer == "yes", link_id=body.id)
    caller = await caller_or_new(request, app)
    if caller.token is not None:
        raise _for_people()
    party = Party(caller.identity, scope=app.role.scope)
    if body.code is not None:
        # A new cookie is a new person: what cannot be changed so easily is the address.
        guesser = [await address_account(request, app)]
        link = await app.linking.take(read_code(body.code) or "", party, guesser=guesser)
        return _shown(_described(app, link, caller), caller, app)
    link, code = await app.linking.make(party)
    made = _described(app, link, caller).model_copy(update={"code": show_code(code)})
    return _shown(made, caller, app)


async def _answered(request: web.Request, app: App, *, agreed: bool, link_id: str | None) -> web.Response:
    caller = await find_caller(request, app)
    if caller is None:
        raise LinkOver
    if not agreed:
        await app.linking.refuse(caller.identity, link_id)
        return _shown(LinkView(state="refused"), caller, app)
    link = await app.linking.agree(caller.identity, link_id)
    return _shown(_described(app, link, caller), caller, app)


def _described(app: App, link: Link, caller: Caller) -> LinkView:
    me, language = caller.identity, caller.session.language
    shown: dict[str, str] = {}
    other = link.other(me)
    if other is not None:
        shown["with_"] = app.linking.account(other.identity, language)
    if link.state is LinkState.LINKED:
        shown["message"] = app.linking.done(link, me, language)
    elif _asked(link, me):
        shown["message"] = app.linking.question(link, me, language)
    view = LinkView(id=link.id, state=link.state.value, expires_at=link.expires_at)
    return view.model_copy(update=shown)


def _asked(link: Link, me: Identity) -> bool:
    """Whether the link waits for this side's answer."""
    return link.state is (LinkState.AGREED if me == link.maker.identity else LinkState.TAKEN)


def _shown(view: LinkView, caller: Caller, app: App) -> web.Response:
    response = respond(view)
    set_cookie(response, caller, app)
    return response


def _for_people() -> RequestRefused:
    """A token's session ends with the token; a person's must not."""
    return RequestRefused(HTTPStatus.FORBIDDEN, "token_cannot_link", "Only people link chats, not tokens.")


def _no_link() -> RequestRefused:
    return RequestRefused(HTTPStatus.NOT_FOUND, "not_found", LinkOver().message)


def _both() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY, "body_invalid", "Send a code or an answer, not both."
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/session/link",
        get_link,
        "See where the newest link stands",
        "session",
        who=Who.OWNER,
        answers={200: Answer("The link.", LinkView)},
        refusals=(_no_link(),),
    ),
    Endpoint(
        "POST",
        "/api/v1/session/link",
        post_link,
        "Take the next step of a link",
        "session",
        who=Who.NEWCOMER,
        body=LinkBody,
        answers={200: Answer("Where the link stands now.", LinkView)},
        refusals=(
            _both(),
            _for_people(),
            RateLimited(limit=10, seconds=12),
            LinkCodeWrong(),
            OwnLinkCode(),
            AlreadyLinked(),
            LinkOver(),
            LinkNotReady(),
            LinkTriesUsedUp(minutes=15),
            AccessRefused(),
        ),
    ),
)
