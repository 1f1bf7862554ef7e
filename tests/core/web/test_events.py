"""Server-sent events: every move once, in order, over reconnects and restarts; every stream ends in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.model import Status
from botcore.state import DatabaseFailed, NewToken
from botcore.web import events
from botcore.web.callers import COOKIE
from tests.core.surface import eventually
from tests.core.web.conftest import Site, served
from tests.core.web.test_jobs import PROBLEM, is_problem, post

WAITS = {"code": "wait for ever"}
WAY = ["queued", "ai_generating", "code_validating", "rendering", "uploading", "ready"]


@dataclass(frozen=True)
class Event:
    id: str
    kind: str
    data: dict[str, Any]


class Stream:
    """Reads one answer as a browser does."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.comments: list[str] = []
        self.retry = 0

    async def __aiter__(self) -> AsyncIterator[Event]:
        fields: dict[str, str] = {}
        async for raw in self.response.content:
            line = raw.decode().removesuffix("\n")
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments.append(line)
            elif name == "retry":
                self.retry = int(value)
            elif line:
                fields[name] = value
            elif fields:
                yield Event(fields["id"], fields["event"], json.loads(fields["data"]))
                fields = {}

    async def all(self) -> list[Event]:
        async with asyncio.timeout(60):
            return [event async for event in self]

    async def until(self, kind: str, **data: Any) -> list[Event]:
        """The events up to one with this data."""
        found = []
        async with asyncio.timeout(60):
            async for event in self:
                found.append(event)
                if event.kind == kind and data.items() <= event.data.items():
                    return found
        raise AssertionError(f"it ended without {kind}: {found}")


@asynccontextmanager
async def listening(client: aiohttp.ClientSession, job_id: str, last: str = "") -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": last} if last else {}
    async with client.get(f"/api/v1/jobs/{job_id}/events", headers=headers) as response:
        assert response.status == 200, await response.text()
        yield Stream(response)


def statuses(told: list[Event]) -> list[str]:
    return [event.data["status"] for event in told if event.kind == "status"]


async def nobody_listens(site: Site) -> None:
    async def look() -> bool:
        return not site.app.control.watching._watched

    await eventually(look)


async def test_every_move_is_told_and_then_the_whole_job(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    async with client.get(made["links"]["events"]) as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        stream = Stream(response)
        told = await stream.all()
    assert stream.retry == events.RETRY_MS
    assert statuses(told) == WAY
    assert told[-1].kind == "end"
    assert told[-1].data["status"] == "ready"
    assert told[-1].data["links"]["access"]
    assert len({event.id for event in told}) == len(told)


async def test_a_listener_that_comes_back_hears_nothing_twice_and_misses_nothing(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, made["id"])
    async with listening(client, made["id"]) as stream:
        whole = await stream.all()
    for place, event in enumerate(whole[:-1]):
        async with listening(client, made["id"], event.id) as stream:
            assert await stream.all() == whole[place + 1 :]


async def test_204_tells_a_browser_not_to_come_back(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", {"code": "fail"})
    async with listening(client, made["id"]) as stream:
        last = (await stream.all())[-1]
    assert last.data["error"]["code"] == "scene_failed"
    headers = {"Last-Event-ID": last.id}
    async with client.get(made["links"]["events"], headers=headers) as response:
        assert response.status == 204
        assert await response.read() == b""


@pytest.mark.parametrize("made_up", ["x", "99999", "-1", "1.", "9" * 30, "1.p1-500\u00e9"])
async def test_an_id_that_nobody_gave_out_is_as_none(
    site: Site, client: aiohttp.ClientSession, made_up: str
) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, made["id"])
    async with listening(client, made["id"], made_up) as stream:
        assert statuses(await stream.all()) == WAY


async def test_progress_is_told_and_not_repeated(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", WAITS)
    async with listening(client, made["id"]) as stream:
        told = await stream.until("progress", fraction=0.5)
    assert told[-1].data == {"animation": 1, "animations": 2, "fraction": 0.5}
    async with listening(client, made["id"], told[-1].id) as stream:
        await site.app.control.cancel(made["id"], session_id=None)
        rest = await stream.all()
    assert [event.kind for event in rest] == ["status", "end"]
    assert statuses(rest) == ["cancelled"]


async def test_a_restart_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as site, site.new_client() as client:
        _, made = await post(client, "/api/v1/code", WAITS)
        async with listening(client, made["id"]) as stream:
            told = await stream.until("status", status="rendering")
        cookie = client.cookie_jar.filter_cookies(client._base_url)[COOKIE].value  # type: ignore[arg-type]  # it has one
    async with served(tmp_path) as site:
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        async with (
            aiohttp.ClientSession(site.address, headers=headers) as client,
            listening(client, made["id"], told[-1].id) as stream,
        ):
            await site.app.control.cancel(made["id"], session_id=None)
            rest = await stream.all()
    assert statuses(told) + statuses(rest) == ["queued", "code_validating", "rendering", "cancelled"]


async def test_what_waits_is_told_how_many_are_before_it(tmp_path: Path) -> None:
    async with (
        served(tmp_path, pipeline={"workers": 1}) as site,
        site.new_client() as busy,
        site.new_client() as client,
    ):
        _, first = await post(busy, "/api/v1/code", WAITS)
        await eventually(lambda: working(site, first["id"]))
        async with site.new_client() as other:
            await post(other, "/api/v1/problems", PROBLEM)
            _, made = await post(client, "/api/v1/problems", PROBLEM)
            async with listening(client, made["id"]) as stream:
                told = await stream.until("queue", ahead=1)
                assert statuses(told) == ["queued"]
                async with client.get(made["links"]["self"]) as response:
                    assert (await response.json())["ahead"] == 1
                await site.app.control.cancel(first["id"], session_id=None)
                assert statuses(await stream.all())[-1] == "ready"


async def working(site: Site, job_id: str) -> bool:
    return (await site.app.state.jobs.get(job_id)).status is Status.RENDERING


async def test_silence_is_broken_and_a_listener_who_left_is_noticed(
    site: Site, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    _, made = await post(client, "/api/v1/code", WAITS)
    async with listening(client, made["id"]) as stream:
        await stream.until("progress")
        async with asyncio.timeout(60):
            while await stream.response.content.readline() != b": still here\n":
                pass
    await nobody_listens(site)


async def test_streams_end_when_the_server_stops(tmp_path: Path) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        async with served(tmp_path) as site:
            _, made = await post(client, f"{site.address}/api/v1/code", WAITS)
            stream = Stream(await client.get(site.address + made["links"]["events"]))
            await stream.until("status", status="rendering")
            watching = site.app.control.watching
            reading = asyncio.create_task(stream.all())
        await reading  # ended, not cut off: a client error would be raised here
    assert not watching._watched


async def test_a_forgotten_person_is_told_no_more(
    site: Site, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    _, made = await post(client, "/api/v1/code", WAITS)
    job = await site.app.state.jobs.get(made["id"])
    async with listening(client, made["id"]) as stream:
        await stream.until("status", status="rendering")
        await site.app.state.forget(job.session_id)
        assert statuses(await stream.all()) == []
    await nobody_listens(site)


async def test_a_revoked_token_hears_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    created = await site.app.state.tokens.create(NewToken("listener"))
    assert created is not None
    headers = {"Authorization": f"Bearer {created[1]}"}
    async with aiohttp.ClientSession(site.address, headers=headers) as client:
        _, made = await post(client, "/api/v1/code", WAITS)
        async with listening(client, made["id"]) as stream:
            await stream.until("status", status="rendering")
            await site.app.state.tokens.revoke("listener")
            assert statuses(await stream.all()) == []
    await nobody_listens(site)


async def test_one_caller_opens_no_more_than_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_OF_CALLER", 2)
    async with served(tmp_path) as site, site.new_client() as client:
        _, made = await post(client, "/api/v1/code", WAITS)
        async with listening(client, made["id"]), listening(client, made["id"]):
            async with client.get(made["links"]["events"]) as response:
                assert is_problem(response, await response.json(content_type=None), 429, "too_many_listeners")
                assert response.headers["Retry-After"]
            async with site.new_client() as other:
                _, theirs = await post(other, "/api/v1/code", WAITS)
                async with listening(other, theirs["id"]):
                    pass
        await nobody_listens(site)
        async with listening(client, made["id"]):
            pass


@pytest.mark.parametrize("bound", ["MOST_OF_ALL", "MOST_OF_ADDRESS"])
async def test_all_callers_together_open_no_more_than_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(events, bound, 1)
    async with served(tmp_path) as site, site.new_client() as client, site.new_client() as other:
        _, made = await post(client, "/api/v1/code", WAITS)
        _, theirs = await post(other, "/api/v1/code", WAITS)
        async with listening(client, made["id"]), other.get(theirs["links"]["events"]) as response:
            assert is_problem(response, await response.json(content_type=None), 503, "listeners_crowded")


async def test_a_listener_outlives_a_pause_of_the_database(
    site: Site, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    asked = asyncio.Event()

    async def down(*_: object) -> None:
        asked.set()
        raise DatabaseFailed("database is locked")

    _, made = await post(client, "/api/v1/code", WAITS)
    async with listening(client, made["id"]) as stream:
        await stream.until("progress")
        with monkeypatch.context() as outage:
            outage.setattr(site.app.state.jobs, "find", down)
            await asked.wait()
        await site.app.control.cancel(made["id"], session_id=None)
        assert [event.kind for event in await stream.all()] == ["status", "end"]


async def test_what_breaks_in_the_middle_is_no_event(
    site: Site, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> None:
        raise DatabaseFailed("database is locked")

    _, made = await post(client, "/api/v1/code", WAITS)
    async with listening(client, made["id"]) as stream:
        told = await stream.until("progress")
        with monkeypatch.context() as outage:
            outage.setattr(events, "describe", down)
            await site.app.control.cancel(made["id"], session_id=None)
            with pytest.raises(aiohttp.ClientPayloadError):  # cut off: the browser comes back
                await stream.all()
    async with listening(client, made["id"], told[-1].id) as stream:
        assert [event.kind for event in await stream.all()] == ["status", "end"]


async def test_another_sessions_job_is_not_there(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    async with site.new_client() as other:
        await post(other, "/api/v1/problems", PROBLEM)
        async with other.get(made["links"]["events"]) as response:
            assert is_problem(response, await response.json(content_type=None), 404, "not_found")


async def test_head_streams_nothing(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", WAITS)
    async with asyncio.timeout(60), client.head(made["links"]["events"]) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"


async def test_many_listeners_of_one_job_share_one_reader(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", WAITS)
    await eventually(lambda: working(site, made["id"]))
    streams = [listening(client, made["id"]) for _ in range(10)]
    heard = [await stream.__aenter__() for stream in streams]
    try:
        assert len(site.app.control.watching._watched) == 1
        await site.app.control.cancel(made["id"], session_id=None)
        assert {statuses(await stream.all())[-1] for stream in heard} == {"cancelled"}
    finally:
        for stream in streams:
            await stream.__aexit__(None, None, None)
    await nobody_listens(site)
    assert site.app.control.watching._reader is None
