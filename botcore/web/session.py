"""``/api/v1/session``: who the caller is here, what they like, and how they are forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Literal, TypeVar

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.app import App
from botcore.errors import NotFound, RateLimited, UnknownLanguage, UnknownProvider
from botcore.intake.submission import unknown
from botcore.languages import LANGUAGES
from botcore.model import Aspect, Quality
from botcore.state import Scope
from botcore.web.bodies import Body, View, read_body, respond
from botcore.web.callers import COOKIE, Caller, caller_or_new, find_caller, set_cookie
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP

Amount = TypeVar("Amount", int, float)


class TokenView(View):
    """The token that the request was sent with."""

    id: str
    name: str
    scopes: list[Scope]
    expires_at: datetime | None
    """Null: it is good until it is revoked."""


class Share(View):
    """How many of something there are, and how many are left; null: there is no limit."""

    limit: int | None
    used: int
    left: int | None


class Money(View):
    """US dollars; null: there is no limit."""

    limit: float | None
    used: float
    left: float | None


class Allowance(View):
    """What the caller may still do. People without a chat share it with everybody behind their address."""

    submissions_per_minute: Share
    unfinished_jobs: Share
    usd_today: Money
    tokens_today: Share
    """Of language models; the day is UTC's."""


class SessionView(View):
    """Who the caller is here."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "person",
                    "accounts": ["Web", "Telegram (account …456)"],
                    "language": "es",
                    "quality": "medium",
                    "aspect": "16:9",
                    "provider": None,
                    "created_at": "2026-11-22T21:00:00Z",
                    "expires_at": "2026-11-29T21:00:00Z",
                    "allowance": {
                        "submissions_per_minute": {"limit": 10, "used": 1, "left": 9},
                        "unfinished_jobs": {"limit": 3, "used": 1, "left": 2},
                        "usd_today": {"limit": None, "used": 0, "left": None},
                        "tokens_today": {"limit": None, "used": 0, "left": None},
                    },
                }
            ]
        }
    )

    kind: Literal["person", "token"]
    token: TokenView | None = None
    accounts: list[str]
    """The chats that are linked, as their platforms call them."""
    language: str
    """Of answers; empty: as each text is written."""
    quality: Quality
    aspect: Aspect
    provider: str | None
    """Who writes scripts; null: whoever can."""
    created_at: datetime
    expires_at: datetime | None
    """Each submission moves it; null: as long as the token is good."""
    allowance: Allowance


class SessionBody(Body):
    """What shall be different. A member that is left out stays as it is; null is the default again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"language": "es", "quality": "high"}, {"provider": None}]}
    )

    language: str | None = Field(default=None, max_length=32)
    quality: Quality | None = None
    aspect: Aspect | None = None
    provider: str | None = Field(default=None, max_length=32)


async def get_session(request: web.Request) -> web.Response:
    """Who the caller is here, what they chose, and how much they may still do. 404 for who has no session."""
    app = request.app[APP]
    caller = await find_caller(request, app)
    if caller is None:
        raise NotFound("session")
    return respond(await _described(app, caller))


async def patch_session(request: web.Request) -> web.Response:
    """Choose the language of answers and what pictures are like that say nothing else."""
    body = await read_body(request, SessionBody)
    app = request.app[APP]
    if body.language and body.language not in LANGUAGES:
        raise UnknownLanguage(name=body.language, available=", ".join(LANGUAGES))
    if body.provider is not None and body.provider not in app.host.providers:
        raise unknown("provider", body.provider, app.host.providers)
    caller = await caller_or_new(request, app)
    await app.state.db.transaction(lambda: _choose(app, caller.session.id, body))
    session = await app.state.sessions.get(caller.session.id)
    if session is None:  # forgotten at this moment
        raise NotFound("session")
    caller = replace(caller, session=session)
    response = respond(await _described(app, caller))
    set_cookie(response, caller, app)
    return response


async def _choose(app: App, session_id: str, body: SessionBody) -> None:
    sessions, named = app.state.sessions, body.model_fields_set
    if "language" in named:
        await sessions.set_language(session_id, body.language or "")
    if named & {"quality", "aspect"}:
        await sessions.set_picture(
            session_id,
            quality=body.quality or app.options.quality if "quality" in named else None,
            aspect=body.aspect or app.options.aspect if "aspect" in named else None,
        )
    if "provider" in named:
        await sessions.set_provider(session_id, body.provider)


async def delete_session(request: web.Request) -> web.Response:
    """Forget the caller: jobs are cancelled; videos, texts, choices and links are deleted, and so is the
    cookie. A token stays good, with nothing in its session. What was used today still counts."""
    app = request.app[APP]
    caller = await find_caller(request, app)
    if caller is not None:
        await app.control.forget(caller.session.id)
    response = web.Response(status=HTTPStatus.NO_CONTENT)
    if COOKIE in request.cookies and (caller is None or caller.token is None):
        response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
    return response


async def _described(app: App, caller: Caller) -> SessionView:
    session, token = caller.session, caller.token
    view = SessionView(
        kind="person" if token is None else "token",
        accounts=[
            app.linking.account(identity, session.language)
            for identity in await app.state.sessions.identities(session.id)
            if token is None
        ],
        language=session.language,
        quality=session.options.quality,
        aspect=session.options.aspect,
        provider=await app.state.sessions.provider(session.id),
        created_at=session.created_at,
        expires_at=session.expires_at if token is None else token.expires_at,
        allowance=await _allowance(app, session.id),
    )
    if token is None:
        return view
    return view.model_copy(
        update={
            "token": TokenView(
                id=token.id, name=token.name, scopes=sorted(token.scopes), expires_at=token.expires_at
            )
        }
    )


async def _allowance(app: App, session_id: str) -> Allowance:
    limits = await app.allowances.of(session_id)
    budget = await app.budgets.of_person(session_id)
    account = await app.state.accounts.of_session(session_id)
    recent, unfinished = await app.state.accounts.use(account)
    spent = await app.state.budgets.of_person(account)
    return Allowance(
        submissions_per_minute=_share(limits.per_minute, recent),
        unfinished_jobs=_share(limits.unfinished, unfinished),
        usd_today=Money(limit=budget.usd or None, used=spent.cost, left=_left(budget.usd, spent.cost)),
        tokens_today=_share(budget.tokens, spent.tokens),
    )


def _share(limit: int, used: int) -> Share:
    return Share(limit=limit or None, used=used, left=_left(limit, used))


def _left(limit: Amount, used: Amount) -> Amount | None:
    return max(limit - used, type(limit)(0)) if limit else None


_UNKNOWN = (
    UnknownLanguage(name="tlh", available=", ".join(LANGUAGES)),
    UnknownProvider(name="gauss", available="solver"),
)

ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/session",
        get_session,
        "See who you are here",
        "session",
        who=Who.OWNER,
        answers={200: Answer("The session.", SessionView)},
        refusals=(NotFound("session"),),
    ),
    Endpoint(
        "PATCH",
        "/api/v1/session",
        patch_session,
        "Choose language and defaults",
        "session",
        who=Who.NEWCOMER,
        body=SessionBody,
        answers={200: Answer("The session as it is now.", SessionView)},
        refusals=(*_UNKNOWN, NotFound("session"), RateLimited(limit=10, seconds=12)),
    ),
    Endpoint(
        "DELETE",
        "/api/v1/session",
        delete_session,
        "Be forgotten",
        "session",
        who=Who.OWNER,
        answers={204: Answer("Nothing is kept any more.")},
    ),
)
