"""What goes in: JSON by the letter, in our own words when it is wrong; and bytes that are no request."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Quality
from botcore.telemetry import configure_logging
from botcore.web import bodies, connections
from botcore.web.bodies import Query, read_query
from botcore.web.problems import RequestRefused
from tests.core.surface import eventually
from tests.core.web.conftest import Site, say, served

JSON = {"Content-Type": "application/json"}
SMALL = {"text": "solve x = 2"}


class Wanted(Query):
    """A query with one of each kind."""

    limit: int = 20
    quality: Quality | None = None
    names: tuple[str, ...] = ()


def query(text: str) -> Wanted:
    return read_query(make_mocked_request("GET", f"/?{text}"), Wanted)


async def refused(
    client: aiohttp.ClientSession, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Status, code and sentence of what is said to a submission with this body."""
    async with client.post("/api/v1/problems", data=body, headers=headers or JSON) as response:
        assert response.content_type == "application/problem+json"
        problem = await response.json(content_type=None)
        return response.status, problem["code"], problem["detail"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b"{'text': 1}", "line 1, column 2: Expecting property name enclosed in double quotes"),
        (b'{"text": NaN}', "NaN is not a number of JSON"),
        (b'{"text": -Infinity}', "-Infinity is not a number of JSON"),
        (b'{"text": "a", "text": "b"}', "a name stands twice in one object"),
        (b'{"text": "\xff"}', "byte 11 is not UTF-8"),
        (b'{"a": ' + b"[" * 100_000, "it is nested too deeply"),
        (b"[" * 500 + b"]" * 500, "recursion limit exceeded at line 1 column 202"),
        (b'{"text": ' + b"9" * 100_000 + b"x}", "line 1, column 100010: Expecting ',' delimiter"),
    ],
)
async def test_what_is_not_json_is_told_where(
    client: aiohttp.ClientSession, body: bytes, sentence: str
) -> None:
    assert await refused(client, body) == (
        400,
        "json_invalid",
        f"The request's body is not valid JSON: {sentence}.",
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "text: is missing"),
        ([], "it must be an object"),
        ({"text": 7}, "text: must be text"),
        ({"text": None}, "text: must be text"),
        ({"text": "solve x = 2", "quality": "best"}, "quality: must be one of low, medium, high"),
        ({"text": "solve x = 2", "aspect": 1}, "aspect: must be one of 16:9, 9:16, 1:1"),
        (
            {"text": "solve x = 2", "quallity": "low"},
            "quallity: is not known; did you mean “quality”? Allowed: quality, aspect, language, text, ",
        ),
        ({"text": "solve x = 2", "provider": "x" * 33}, "provider: must be text, at most 32 long"),
        (
            {"text": "x", "quality": "best", "aspect": "2:1"},
            "quality: must be one of low, medium, high; aspect:",
        ),
    ],
)
async def test_a_wrong_member_is_told_with_what_to_send_instead(
    client: aiohttp.ClientSession, body: object, sentence: str
) -> None:
    status, code, detail = await refused(client, json.dumps(body).encode())
    assert (status, code) == (422, "body_invalid")
    assert detail.startswith(f"The request's body cannot be used. {sentence}")
    assert "pydantic" not in detail


async def test_a_byte_order_mark_is_passed_over(client: aiohttp.ClientSession) -> None:
    body = b'\xef\xbb\xbf{"text": "solve x = 2 for x"}'
    async with client.post("/api/v1/problems", data=body, headers=JSON) as response:
        assert response.status == 202


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"]
)
async def test_another_media_type_is_refused(client: aiohttp.ClientSession, media_type: str) -> None:
    status, code, _ = await refused(client, b"{}", {"Content-Type": media_type})
    assert (status, code) == (415, "media_type")


async def test_ten_megabytes_are_refused_and_the_next_request_is_served(
    client: aiohttp.ClientSession,
) -> None:
    body = io.BytesIO(b"[" + b" " * 10_000_000 + b"]")
    async with client.post("/api/v1/problems", data=body, headers=JSON) as response:
        assert response.status == 413
        assert (await response.json(content_type=None))["code"] == "request_entity_too_large"
    async with client.get("/healthz") as response:
        assert response.status == 200


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "rot13", "identity, gzip"])
async def test_a_compressed_body_is_refused(client: aiohttp.ClientSession, coding: str) -> None:
    headers = {**JSON, "Content-Encoding": coding}
    body = gzip.compress(json.dumps(SMALL).encode())
    async with client.post("/api/v1/problems", data=body, headers=headers) as response:
        assert response.status == 415
        assert response.headers["Accept-Encoding"] == "identity"
        assert (await response.json(content_type=None))["code"] == "content_encoding"
    async with client.post("/api/v1/problems", json=SMALL) as response:
        assert response.status == 202


async def test_nobody_inflates_a_body_that_nobody_reads(site: Site) -> None:
    """A megabyte of gzip holds a gigabyte, which would keep the event loop busy for seconds. This is no gzip:
    a server that tried to inflate it would give the connection up."""
    host, port = site.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"DELETE /api/v1/session HTTP/1.1\r\nHost: a\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno bomb"
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )
    answers = await reader.read()
    writer.close()
    assert answers.count(b"HTTP/1.1 ") == 2
    assert b'{"status":"ok"}' in answers


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost:"], ids=["nothing", "half a head"])
async def test_a_connection_that_asks_nothing_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.05)
    async with served(tmp_path) as site:
        host, port = site.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        async with asyncio.timeout(60):
            assert await reader.read() == b""
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    head, problem = await say(
        site,
        b"POST /api/v1/problems HTTP/1.1\r\nHost: a\r\n",
        b"Content-Type: application/json\r\nContent-Length: 300\r\n\r\n{",
    )
    assert head.startswith(b"HTTP/1.1 408 ")
    assert problem["code"] == "body_slow"


async def test_a_client_that_leaves_amid_its_body_is_no_error_of_the_server(
    site: Site,
) -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    host, port = site.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /api/v1/problems HTTP/1.1\r\nHost: a\r\n")
    writer.write(b"Content-Type: application/json\r\nContent-Length: 300\r\nX-Request-Id: left\r\n\r\n{")
    await writer.drain()
    writer.close()

    async def logged() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [line for line in lines if line.get("request") == "left"]

    try:
        lines = await eventually(logged)
    finally:
        configure_logging()
    assert [(line["event"], line["level"], line["status"]) for line in lines] == [("request", "info", 400)]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400, "request_malformed"),
        (b"GET\r\n\r\n", 400, "request_malformed"),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400, "request_malformed"),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400, "request_malformed"),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n", 400, "request_malformed"),
        (b"GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request_malformed"),
        (b"GET http://[::bad/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request_malformed"),
        (
            b"GET /healthz?%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 9000),
            431,
            "request_header_fields_too_large",
        ),
        (
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: %s\r\n\r\n" % (b"a" * 9000),
            431,
            "request_header_fields_too_large",
        ),
    ],
)
async def test_bytes_that_are_no_request_get_a_problem_document(
    site: Site, data: bytes, status: int, code: str
) -> None:
    head, problem = await say(site, data)
    assert head.split()[1] == str(status).encode()
    assert b"Content-Type: application/problem+json" in head
    assert b"Server: botcore\r\n" in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["request_id"].encode() in head


async def test_what_a_malformed_request_holds_is_not_logged(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("json", "debug")
    try:
        await say(site, b"GET /healthz HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\x01token\r\n\r\n")
    finally:
        configure_logging()
    logged = capsys.readouterr().err
    assert "request_malformed" in logged
    assert "secret" not in logged


async def test_an_expectation_that_nobody_can_meet_is_refused(site: Site) -> None:
    for path in (b"/healthz", b"/nowhere"):
        head, problem = await say(site, b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 417 ")
        assert (problem["status"], problem["code"]) == (417, "expectation_failed")
        assert b"X-Request-Id: " + problem["request_id"].encode() in head
        assert b"a-miracle" not in json.dumps(problem).encode()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("limit=x", "limit: must be a whole number"),
        ("limit=1&limit=2", "limit: may be given once"),
        ("quality=best", "quality: must be one of low, medium, high"),
        ("limti=1", "limti: is not known; did you mean “limit”? Allowed: limit, quality, names"),
    ],
)
def test_a_wrong_parameter_is_told_with_what_to_send_instead(text: str, sentence: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        query(text)
    assert (refusal.value.status, refusal.value.problem_code) == (422, "query_invalid")
    assert refusal.value.problem_message == f"The request's query cannot be used. {sentence}."


def test_a_parameter_that_is_a_list_may_stand_often() -> None:
    assert query("names=a&names=b&limit=3") == Wanted(limit=3, names=("a", "b"))
    assert query("") == Wanted()


@given(
    pairs=st.lists(st.tuples(st.sampled_from(["limit", "quality", "names", "other"]), st.text(max_size=20)))
)
def test_any_query_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(RequestRefused):
        query(urlencode(pairs))
