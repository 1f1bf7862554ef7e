"""A real server whose videos lie in a real bucket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.conftest import SECONDS, Machine, Server, probe
from tests.plugins.s3 import weed as servers
from tests.plugins.s3.weed import BUCKET, SECRET, Weed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weed]:
    with servers.running(tmp_path_factory.mktemp("weed") / "server") as running:
        asyncio.run(servers.make_bucket(running))
        yield running


def environment(weed: Weed, **changes: str) -> dict[str, str]:
    values = weed.values(connect_timeout="0.5", read_timeout="1", retries="0", **changes)
    return {
        "BOTCORE_STORE": "s3",
        "BOTCORE_VIDEO__GRACE": "1",
        **{f"BOTCORE_PLUGINS__S3__{name.upper()}": str(value) for name, value in values.items()},
    }


@asynccontextmanager
async def serving(machine: Machine, weed: Weed, log: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A server, and a program that talks to it."""
    server = await asyncio.to_thread(Server, machine, log, environment(weed))
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        jar = aiohttp.CookieJar(unsafe=True)  # the server has an address and no name
        async with aiohttp.ClientSession(server.address, cookie_jar=jar, timeout=timeout) as session:
            yield session
    finally:
        assert await asyncio.to_thread(server.stop) == 0


async def submit(session: aiohttp.ClientSession) -> str:
    body = {"text": "solve x^2 - 5x + 6 = 0", "quality": "low"}
    async with session.post("/api/v1/problems", json=body) as answer:
        assert answer.status == 202
        return f"/api/v1/jobs/{(await answer.json())['id']}"


async def until(look: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool]) -> Any:
    """What ``look`` sees once it is what is wanted."""
    end = time.monotonic() + SECONDS
    while not wanted(seen := await look()):
        assert time.monotonic() < end, seen
        await asyncio.sleep(0.2)
    return seen


async def job_at(session: aiohttp.ClientSession, job: str) -> dict[str, Any]:
    async with session.get(job) as answer:
        assert answer.status == 200
        shown: dict[str, Any] = await answer.json()
        return shown


async def names(bucket: Any) -> list[str]:
    answer = await bucket.list_objects_v2(Bucket=BUCKET, Prefix="botcore/")
    return [item["Key"] for item in answer.get("Contents", [])]


async def test_a_video_goes_through_the_bucket_and_is_gone_once_it_was_seen(
    machine: Machine, weed: Weed, tmp_path: Path
) -> None:
    log = tmp_path / "serve.log"
    async with servers.operator(weed) as bucket, serving(machine, weed, log) as session:
        job = await submit(session)
        shown = await until(lambda: job_at(session, job), lambda seen: seen["status"] in {"ready", "failed"})
        assert shown["status"] == "ready", shown
        video, thumbnail = sorted(await names(bucket))
        assert thumbnail == f"{video}-thumb"
        for name, media_type in ((video, "video/mp4"), (thumbnail, "image/jpeg")):
            tags = (await bucket.get_object_tagging(Bucket=BUCKET, Key=name))["TagSet"]
            assert {"Key": "job", "Value": shown["id"]} in tags
            assert (await bucket.head_object(Bucket=BUCKET, Key=name))["ContentType"] == media_type

        async with session.post(shown["links"]["access"]) as answer:
            assert (answer.status, answer.content_type) == (200, "video/mp4")
            content = await answer.read()
        (tmp_path / "got.mp4").write_bytes(content)
        assert probe(tmp_path / "got.mp4").codec == "h264"
        stream = (await job_at(session, job))["links"]["stream"]
        async with session.get(stream, headers={"Range": "bytes=10-19"}) as answer:
            assert (answer.status, await answer.read()) == (206, content[10:20])
            assert answer.headers["Content-Range"] == f"bytes 10-19/{len(content)}"
        async with session.get(stream, headers={"Range": f"bytes={len(content)}-"}) as answer:
            assert answer.status == 416

        async with session.delete(shown["links"]["access"]) as answer:
            assert answer.status in {200, 202, 204}
        await until(lambda: names(bucket), lambda left: left == [])
        async with session.get(stream) as answer:
            assert answer.status == 410
    assert SECRET not in log.read_text()


async def test_a_bucket_that_is_down_costs_no_video(machine: Machine, weed: Weed, tmp_path: Path) -> None:
    async with servers.operator(weed) as bucket, serving(machine, weed, tmp_path / "log") as session:
        with weed.stopped():
            job = await submit(session)
            waits = "cannot be saved just now"
            shown = await until(lambda: job_at(session, job), lambda seen: waits in seen.get("message", ""))
            assert shown["status"] == "uploading"
        shown = await until(lambda: job_at(session, job), lambda seen: seen["status"] != "uploading")
        assert shown["status"] == "ready", shown
        assert len(await names(bucket)) == 2

        with weed.stopped():
            async with session.post(shown["links"]["access"]) as answer:
                assert answer.status == 503
        async with session.post(shown["links"]["access"]) as answer:  # the access is not lost
            assert answer.status == 200


def test_migrate_and_doctor_speak_of_the_bucket(machine: Machine, weed: Weed) -> None:
    good = environment(weed)
    assert "goes after 1 day" in machine.run("migrate", environ=good).out
    assert "s3 keeps, gives back and deletes a file" in machine.run("doctor", environ=good).out

    wrong = environment(weed, secret_key="wrong")
    refused = machine.run("migrate", environ=wrong)
    assert refused.code == 3
    assert "the secret does not belong to the access key" in refused.err
    assert "access_key" in machine.run("doctor", environ=wrong).out

    bare = machine.run("migrate", environ={"BOTCORE_STORE": "s3"})
    assert (bare.code, "BOTCORE_PLUGINS__S3__BUCKET" in bare.err) == (3, True)
