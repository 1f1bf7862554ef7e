"""What goes in and out as JSON: bodies and queries, bounded in size and time and checked against a model; and
answers, which are made of a model too, so that what is described is what is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from aiohttp import StreamReader, web
from pydantic import BaseModel, ConfigDict, ValidationError

from botcore.config.expectations import describe, field_at, is_list, suggestion
from botcore.web.problems import RequestRefused

BODY_SECONDS = 30.0
"""How long a client may take to send a body."""
_LISTED = 20
"""Wrong members that an answer names."""


class Body(BaseModel):
    """Base of request bodies: members that are not known are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Query(BaseModel):
    """Base of what stands behind the ``?``."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class View(BaseModel):
    """Base of answers. A member that was never set is not sent; one that was set to None is ``null``."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, validate_by_name=True
    )


T = TypeVar("T")
B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Query)


def respond(
    view: View, *, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    """``view`` as JSON."""
    return web.Response(
        body=view.model_dump_json(by_alias=True, exclude_unset=True).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def media_type_refused() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media_type", "Send the body as application/json."
    )


def coding_refused() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "content_encoding",
        "Send the body as it is, without compressing it.",
        headers={"Accept-Encoding": "identity"},
    )


def body_slow() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_TIMEOUT, "body_slow", "The request's body did not arrive in time."
    )


def body_broken() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.BAD_REQUEST, "body_broken", "The request's body ended early, or is not encoded as it says."
    )


def json_invalid(problem: str) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.BAD_REQUEST, "json_invalid", f"The request's body is not valid JSON: {problem}."
    )


def members_wrong(code: str, part: str, wrong: Sequence[tuple[str, str]]) -> RequestRefused:
    """422, with one line for each member that cannot be used.

    :param part: what holds the members, such as “body”.
    :param wrong: names and what is wrong with them.
    """
    members = [{"member": member, "problem": problem} for member, problem in wrong]
    lines = "; ".join(f"{member}: {problem}" if member else problem for member, problem in wrong)
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        code,
        f"The request's {part} cannot be used. {lines}.",
        {"errors": members},
    )


async def in_time(request: web.Request, reading: Awaitable[T]) -> T:
    """What comes of ``reading``, which reads the request's body. Once that is there, it may take its time.

    :raises RequestRefused: 408 for a body that does not come, 400 for one that breaks off.
    """
    body = request.content
    if body.is_eof():  # most come with their head
        return await reading
    limit = asyncio.timeout(None)
    timer = asyncio.get_running_loop().call_later(BODY_SECONDS, _give_up, body, limit)
    try:
        async with limit:
            return await reading
    except TimeoutError:
        if not limit.expired():
            raise
        raise body_slow() from None
    except (web.RequestPayloadError, ConnectionError):
        if body.exception() is None:  # it is another connection's
            raise
        raise body_broken() from None
    finally:
        timer.cancel()


def _give_up(body: StreamReader, limit: asyncio.Timeout) -> None:
    if not body.is_eof():
        limit.reschedule(0)


async def read_body(request: web.Request, model: type[B]) -> B:
    """The request's JSON as ``model``.

    :raises RequestRefused: 415 for another media type and for a compressed body, 408 for one that does not
        come, 400 for one that breaks off or is not JSON (RFC 8259: NaN is not, a name may stand once, the
        bytes are UTF-8), 422 with one line for each member that is wrong.
    :raises web.HTTPRequestEntityTooLarge: the body is longer than is allowed.
    """
    if request.content_type != "application/json":
        raise media_type_refused()
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise coding_refused()
    text = _text_of(await in_time(request, request.read()))
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        if found[0]["type"] == "json_invalid":
            raise json_invalid(str(found[0]["msg"]).removeprefix("Invalid JSON: ")) from None
        raise members_wrong("body_invalid", "body", _told(model, found)) from None


def read_query(request: web.Request, model: type[Q]) -> Q:
    """What stands behind the ``?`` as ``model``.

    :raises RequestRefused: 422 with one line for each parameter that is wrong, or stands twice.
    """
    values: dict[str, Any] = {}
    for name in request.query:
        given = request.query.getall(name)
        field = model.model_fields.get(name)
        if field is not None and is_list(field.annotation):
            values[name] = given
        elif len(given) > 1:
            raise members_wrong("query_invalid", "query", [(name, "may be given once")])
        else:
            values[name] = given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise members_wrong("query_invalid", "query", _told(model, found)) from None


def _text_of(raw: bytes) -> str:
    """The text of a body that is JSON by the letter: pydantic takes NaN, and names that stand twice."""
    try:
        text = raw.decode("utf-8-sig")
        json.loads(text, parse_int=str, parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise json_invalid(f"byte {error.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise json_invalid(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise json_invalid("it is nested too deeply") from None
    except ValueError as error:
        raise json_invalid(str(error)) from None
    return text


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Nobody reads what is made of the object."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice in one object")


def _told(model: type[BaseModel], found: Sequence[Any]) -> list[tuple[str, str]]:
    """The members that pydantic refused, in words that say what to send instead."""
    wrong: dict[str, str] = {}
    for error in found:
        key = tuple(str(part) for part in error["loc"])
        wrong.setdefault(".".join(key), _sentence(model, key, error))
    return list(wrong.items())[:_LISTED]


def _sentence(model: type[BaseModel], key: tuple[str, ...], error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"is not known{suggestion(model, key)}"
    if error["type"] == "missing":
        return "is missing"
    field = field_at(model, key)
    if error["type"] in {"value_error", "assertion_error"} or (key and field is None):
        return str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return f"must be {describe(field)}" if field is not None else "it must be an object"
