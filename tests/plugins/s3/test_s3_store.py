"""What the bucket and its operator see, and what a person without the right keys gets."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from botcore_s3.store import S3Store

from botcore.errors import ObjectMissing, StoreError, StoreMisconfigured, StoreUnavailable
from botcore.model import StoredObject
from tests.plugins.s3.conftest import opened
from tests.plugins.s3.weed import BUCKET, READER, READER_SECRET, SECRET, Weed

EXPIRES = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
MIB = 1024 * 1024
LARGE = bytes(range(256)) * 4096 * 11  # 11 MiB: three parts of 5


async def _put(store: S3Store, folder: Path, key: str, content: bytes) -> StoredObject:
    path = folder / "file"
    path.write_bytes(content)
    return await store.put(key, path, "video/mp4", expires=EXPIRES, job="job1")


async def _read(store: S3Store, key: str, start: int = 0, end: int | None = None, etag: str = "") -> bytes:
    async with store.open(key, start, end, etag) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def _uploads(bucket: Any) -> list[str]:
    answer = await bucket.list_multipart_uploads(Bucket=BUCKET)
    return [upload["Key"] for upload in answer.get("Uploads", [])]


async def test_an_object_says_whose_it_is_and_until_when(weed: Weed, bucket: Any, tmp_path: Path) -> None:
    async with opened(weed.config(prefix="a/b/")) as store:
        stored = await _put(store, tmp_path, "marked", b"video")
    head = await bucket.head_object(Bucket=BUCKET, Key="a/b/marked")
    marks = {"job": "job1", "expires": "2031-05-06T07:08:09Z"}
    assert head["ContentType"] == "video/mp4"
    assert head["Metadata"] == marks
    assert head["ETag"].strip('"') == stored.etag
    tags = (await bucket.get_object_tagging(Bucket=BUCKET, Key="a/b/marked"))["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == marks


async def test_without_tags_the_metadata_is_all(weed: Weed, bucket: Any, tmp_path: Path) -> None:
    async with opened(weed.config(tags=False)) as store:
        await _put(store, tmp_path, "untagged", b"video")
    assert (await bucket.get_object_tagging(Bucket=BUCKET, Key="botcore/untagged"))["TagSet"] == []
    assert (await bucket.head_object(Bucket=BUCKET, Key="botcore/untagged"))["Metadata"]["job"] == "job1"


async def test_a_large_file_goes_up_in_parts_and_comes_back_in_any_range(
    weed: Weed, bucket: Any, tmp_path: Path
) -> None:
    async with opened(weed.config(part_mb=5)) as store:
        stored = await _put(store, tmp_path, "large", LARGE)
        assert stored.etag.endswith("-3")
        assert await _read(store, "large") == LARGE
        edge = 5 * MIB
        assert await _read(store, "large", edge - 3, edge + 3, stored.etag) == LARGE[edge - 3 : edge + 3]
    head = await bucket.head_object(Bucket=BUCKET, Key="botcore/large")
    assert (head["ContentLength"], head["ContentType"]) == (len(LARGE), "video/mp4")
    assert head["Metadata"]["job"] == "job1"
    tags = (await bucket.get_object_tagging(Bucket=BUCKET, Key="botcore/large"))["TagSet"]
    assert {tag["Key"] for tag in tags} == {"job", "expires"}
    assert await _uploads(bucket) == []


async def test_ranges_are_those_of_slices(weed: Weed, tmp_path: Path) -> None:
    content, places = bytes(range(100)), (0, 1, 50, 99, 100, 101)
    async with opened(weed.config()) as store:
        await _put(store, tmp_path, "slices", content)
        for start, end in product(places, (*places, None)):
            assert await _read(store, "slices", start, end) == content[start:end]


async def test_a_file_that_shrinks_while_it_goes_up_leaves_no_parts(
    weed: Weed, bucket: Any, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    async with opened(weed.config(part_mb=5)) as store:
        send, sent = store._client.upload_part, list[int]()

        async def cut_after_the_first(**named: Any) -> Any:
            answer = await send(**named)
            sent.append(named["PartNumber"])
            with path.open("rb+") as file:
                file.truncate(6 * MIB)
            return answer

        store._client.upload_part = cut_after_the_first
        with pytest.raises(StoreError, match="shorter"):
            await store.put("cut", path, "video/mp4", expires=EXPIRES, job="j")
        assert sent == [1]
        assert await _uploads(bucket) == []
        with pytest.raises(ObjectMissing):
            await _read(store, "cut")


@pytest.mark.parametrize("moment", ["create_multipart_upload", "upload_part", "complete_multipart_upload"])
async def test_an_upload_that_is_cancelled_leaves_no_parts(
    weed: Weed, bucket: Any, tmp_path: Path, moment: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    async with opened(weed.config(part_mb=5)) as store:
        call, reached = getattr(store._client, moment), asyncio.Event()

        async def slow(**named: Any) -> Any:
            reached.set()
            if moment != "create_multipart_upload":
                await asyncio.sleep(3600)
            answer = await call(**named)
            await asyncio.sleep(0.2)  # it has begun, and the caller does not know it yet
            return answer

        setattr(store._client, moment, slow)
        task = asyncio.create_task(store.put("cancelled", path, "video/mp4", expires=EXPIRES, job="j"))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await _uploads(bucket) == []
        with pytest.raises(ObjectMissing):
            await _read(store, "cancelled")


async def test_what_changed_meanwhile_is_missing(weed: Weed, tmp_path: Path) -> None:
    async with opened(weed.config()) as store:
        first = await _put(store, tmp_path, "changing", b"one")
        await _put(store, tmp_path, "changing", b"two")
        for start, end in ((0, None), (1, 2), (2, 2)):
            with pytest.raises(ObjectMissing):
                await _read(store, "changing", start, end, first.etag)


# ------------------------------------------------------------------------------------------ who may do what


@pytest.mark.parametrize(
    ("changes", "problem", "remedy"),
    [
        ({"secret_key": "wrong"}, "the secret does not belong to the access key", "secret_key"),
        ({"access_key": "nobody"}, "the server does not know the access key", "access_key"),
        ({"access_key": READER, "secret_key": READER_SECRET}, "may not write in videos", "rights"),
        (
            {"access_key": READER, "secret_key": READER_SECRET, "bucket": "nowhere"},
            "nowhere",
            "[plugins.s3]",
        ),
    ],
)
async def test_the_server_refuses_wrong_keys_and_the_operator_reads_why(
    weed: Weed, tmp_path: Path, changes: dict[str, Any], problem: str, remedy: str
) -> None:
    async with opened(weed.config(**changes)) as store:
        with pytest.raises(StoreMisconfigured) as caught:
            await _put(store, tmp_path, "refused", b"x")
    assert problem in str(caught.value.params["problem"])
    assert remedy in str(caught.value.params["remedy"])
    assert "wrong" not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_a_bucket_that_is_not_there_is_said_to_be_missing(weed: Weed) -> None:
    async with opened(weed.config(bucket="nowhere")) as store:
        with pytest.raises(StoreMisconfigured, match="NoSuchBucket") as caught:
            await _read(store, "x")
    assert "nowhere does not exist" in str(caught.value.params["problem"])


async def test_wrong_keys_neither_read_nor_delete(weed: Weed, tmp_path: Path) -> None:
    async with opened(weed.config()) as store:
        await _put(store, tmp_path, "private", b"mine")
        async with opened(weed.config(secret_key="wrong")) as other:
            with pytest.raises(StoreMisconfigured):
                await _read(other, "private")
            with pytest.raises(StoreMisconfigured):
                await other.delete("private")
        assert await _read(store, "private") == b"mine"


# -------------------------------------------------------------------------------------- places to upload to


async def _send(url: str, headers: dict[str, str], content: bytes) -> int:
    async with aiohttp.ClientSession() as client, client.put(url, data=content, headers=headers) as answer:
        return answer.status


async def test_a_place_takes_what_was_agreed_and_nothing_else(weed: Weed, bucket: Any) -> None:
    async with opened(weed.config()) as store:
        place = await store.presign_put("sent", "video/mp4", size=5, expires=EXPIRES, job="job1")
        assert place is not None
        good = dict(place.headers)
        refused = [
            (place.url, good | {"Content-Length": "6"}, b"123456"),
            (place.url, good | {"Content-Type": "text/html"}, b"12345"),
            (place.url, {name: good[name] for name in good if name != "x-amz-tagging"}, b"12345"),
            (place.url.replace("/sent?", "/other?"), good, b"12345"),
            (place.url[:-1] + ("0" if place.url[-1] != "0" else "1"), good, b"12345"),
        ]
        for url, headers, content in refused:
            assert await _send(url, headers, content) == 403
        with pytest.raises(ObjectMissing):
            await _read(store, "sent")
        assert await _send(place.url, good, b"12345") == 200
        assert await _read(store, "sent") == b"12345"
    assert (await bucket.head_object(Bucket=BUCKET, Key="botcore/sent"))["Metadata"]["job"] == "job1"


async def test_a_place_lapses(weed: Weed) -> None:
    async with opened(weed.config()) as store:
        now = datetime.now(UTC)
        url = await store._client.generate_presigned_url(
            "put_object", Params={"Bucket": BUCKET, "Key": "botcore/late", "ContentLength": 1}, ExpiresIn=1
        )
        for _ in range(60):
            if (status := await _send(url, {"Content-Length": "1"}, b"x")) != 200:
                break
            await asyncio.sleep(0.3)
        assert status == 403
        place = await store.presign_put("late", "video/mp4", size=1, expires=EXPIRES, job="j")
        assert place is not None
        assert timedelta(minutes=14) < place.lapses - now < timedelta(minutes=16)


# ------------------------------------------------------------------------------------------------ rules


async def _rules(bucket: Any) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = (await bucket.get_bucket_lifecycle_configuration(Bucket=BUCKET))["Rules"]
    return rules


async def test_preparing_adds_one_rule_and_keeps_the_others(weed: Weed, bucket: Any) -> None:
    theirs = {
        "ID": "reports",
        "Status": "Enabled",
        "Filter": {"Prefix": "reports/"},
        "Expiration": {"Days": 30},
    }
    await bucket.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [theirs]})
    async with opened(weed.config()) as store:
        (said,) = await store.prepare(timedelta(hours=24))
        first = await _rules(bucket)
        assert (await store.prepare(timedelta(hours=24))) == [said]
        assert await _rules(bucket) == first
        assert first == [
            theirs,
            {
                "ID": "botcore botcore/",
                "Status": "Enabled",
                "Filter": {"Prefix": "botcore/"},
                "Expiration": {"Days": 1},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            },
        ]
        assert "goes after 1 day" in said

        (said,) = await store.prepare(timedelta(hours=25))  # no video goes before its time
        assert "goes after 2 days" in said
        assert [rule["Expiration"]["Days"] for rule in await _rules(bucket)] == [30, 2]


async def test_a_bucket_whose_rules_are_the_operators_is_left_alone(weed: Weed, bucket: Any) -> None:
    await bucket.delete_bucket_lifecycle(Bucket=BUCKET)
    async with opened(weed.config(lifecycle=False)) as store:
        (said,) = await store.prepare(timedelta(hours=24))
    assert "left alone" in said
    with pytest.raises(bucket.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        await _rules(bucket)


# ---------------------------------------------------------------------------------------------- breaking down


async def test_a_server_that_is_silent_or_gone_is_unavailable(weed: Weed, tmp_path: Path) -> None:
    patience = {"connect_timeout": 0.5, "read_timeout": 0.5, "retries": 0}
    async with opened(weed.config(**patience)) as store:
        await _put(store, tmp_path, "there", b"x")
        with weed.stopped():
            with pytest.raises(StoreUnavailable):
                await _put(store, tmp_path, "silent", b"x")
            with pytest.raises(StoreUnavailable):
                await _read(store, "there")
            with pytest.raises(StoreUnavailable):
                await store.delete("there")
        await store.delete("there")  # the same client goes on working
        await _put(store, tmp_path, "there", b"again")
        assert await _read(store, "there") == b"again"
    async with opened(weed.config(endpoint_url="http://127.0.0.1:9", **patience)) as store:
        with pytest.raises(StoreUnavailable):
            await _put(store, tmp_path, "x", b"x")


async def test_secrets_are_in_no_line_that_is_shown(
    weed: Weed, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = weed.config()
    assert SECRET not in repr(config)
    with caplog.at_level("INFO"):
        async with opened(config) as store:
            assert SECRET not in repr(store)
            await _put(store, tmp_path, "x", b"x")
            with pytest.raises(ObjectMissing) as caught:
                await _read(store, "missing")
    assert SECRET not in caplog.text + repr(caught.value)


async def test_a_link_to_another_file_is_not_followed(weed: Weed, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    async with opened(weed.config()) as store:
        with pytest.raises(StoreError, match="no file"):
            await store.put("link", tmp_path / "link", "video/mp4", expires=EXPIRES, job="j")
