"""What a route of the API is: how to reach it, who may call, what goes in, and everything that may come out.

A module of routes ends with the tuple ``ENDPOINTS``; :mod:`botcore.web.server` mounts them, and
:mod:`botcore.web.openapi` describes them, so that no route is there without its description::

    class Greeting(View):
        \"\"\"A sentence for one person.\"\"\"

        model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Good morning, Ada."}]})
        text: str

    async def get_greeting(request: web.Request) -> web.Response:
        if request.match_info["name"] == "nobody":
            raise NotFound("name")
        return respond(Greeting(text=f"Good morning, {request.match_info['name']}."))

    ENDPOINTS = (
        Endpoint(
            "GET", "/api/v1/greetings/{name}", get_greeting, "Greet a person", "greetings",
            answers={200: Answer("The greeting.", Greeting)},
            refusals=(NotFound(),),
        ),
    )
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from botcore.errors import BotcoreError
from botcore.web.bodies import Body, Query, View
from botcore.web.problems import Handler


class Who(StrEnum):
    """Whom an endpoint serves."""

    ANYBODY = "anybody"
    """It does not look at who calls."""
    NEWCOMER = "newcomer"
    """A session's cookie or a token; whoever has neither gets a session with the answer."""
    OWNER = "owner"
    """A session's cookie or a token; what belongs to somebody else is not there, and whoever has neither has
    nothing."""
    VIEWER = "viewer"
    """The owner, or whoever holds the token of a link, or the grant that was made of it. The handler checks
    itself which website a write comes from: pages of this server have their reasons to hide it."""
    OPERATOR = "operator"
    """A token with the scope ``admin``, or a program on the server's own machine."""
    ADMIN = "admin"
    """A token with the scope ``admin``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back when all went well.

    :param content: the model of the JSON that is sent, or the media types of what is sent instead; None: no
        body.
    :param headers: headers that a program may want to read, and what they say.
    """

    description: str
    content: type[View] | tuple[str, ...] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the request that the endpoint reads; never one that it needs."""

    name: str
    description: str
    example: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class PathName:
    """What a name in braces stands for. An address that does not match ``pattern`` is not there: 404."""

    description: str
    pattern: str
    example: str


NAMED = re.compile(r"{(\w+)}")
PATH_NAMES: Mapping[str, PathName] = {
    "id": PathName("What links and answers call it.", r"[0-9a-z]{16}", "9f1c2ab34d5e6f70"),
    "letter": PathName("``id`` of an outgoing message.", r"[0-9]{1,18}", "421"),
    "message": PathName("``id`` of a received message.", r"[A-Za-z0-9_-]{1,400}", "dGVsZWdyYW06NDI"),
    "name": PathName("The name of an installed part.", r"[a-z][a-z0-9_-]{0,31}", "manim"),
}
"""By the names that may stand in a path."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. ``GET`` answers ``HEAD`` too: its handler is called with that method.

    :param path: with names of :data:`PATH_NAMES` in braces.
    :param summary: an imperative of a few words; the handler's docstring says the rest.
    :param tag: the heading under which it is described.
    :param query: what the handler gives to ``read_query``, and ``body`` to ``read_body``. What these two
        refuse need not be repeated in ``refusals``.
    :param answers: by HTTP status.
    :param refusals: the errors that the handler raises, each made as it would be raised: a sentence of it is
        shown as an example, and only these codes may come with these statuses.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    who: Who = Who.ANYBODY
    query: type[Query] | None = None
    body: type[Body] | None = None
    headers: tuple[Header, ...] = ()
    answers: Mapping[int, Answer] = field(default_factory=dict)
    refusals: tuple[BotcoreError, ...] = ()

    @property
    def route(self) -> str:
        """The path as aiohttp matches it."""
        return NAMED.sub(lambda name: f"{{{name[1]}:{PATH_NAMES[name[1]].pattern}}}", self.path)

    @property
    def writes(self) -> bool:
        """Whether a call may change something, so that no other website may cause it."""
        return self.method not in {"GET", "HEAD"}
