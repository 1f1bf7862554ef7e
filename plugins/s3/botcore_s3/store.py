"""Keeps files in a bucket. The SDK is imported here."""

from __future__ import annotations

import asyncio
import re
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aioboto3
import aiohttp
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import add_expect_header

from botcore import PresignedPut, StoredObject
from botcore.errors import ObjectMissing, StoreError
from botcore_s3.failures import GONE, as_store_error, code_of
from botcore_s3.lifecycle import ensure_rule
from botcore_s3.plugin import S3Config
from botcore_s3.uploading import upload

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_CHUNK = 256 * 1024
_CONNECTIONS = 256
"""Each open stream holds one; who comes later waits."""
_FAILURES = (BotoCoreError, ClientError, aiohttp.ClientError, OSError)


@asynccontextmanager
async def connect(config: S3Config) -> AsyncIterator[S3Store]:
    """The store over a client of its own, whose connections are closed at the end. Nothing is asked of the
    server yet. Raises :class:`StoreMisconfigured`."""
    keys = {}
    if config.credentials == "keys":
        keys = {
            "aws_access_key_id": config.access_key.get_secret_value(),
            "aws_secret_access_key": config.secret_key.get_secret_value(),
        }
    settings = Config(
        signature_version="s3v4",
        s3={"addressing_style": config.addressing_style},
        connect_timeout=config.connect_timeout,
        read_timeout=config.read_timeout,
        retries={"mode": "standard", "total_max_attempts": config.retries + 1},
        max_pool_connections=_CONNECTIONS,
        # R2 and others take the newer checksums only in part; every body has its Content-MD5.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        session = aioboto3.Session(region_name=config.region_name, **keys)
        client = await session.client(
            "s3", endpoint_url=config.endpoint_url or None, config=settings
        ).__aenter__()
    except BotoCoreError as error:
        raise as_store_error("connect", error, config) from None
    # The SDK would send “Expect: 100-continue” before a body and then wait for the answer without any limit;
    # there are servers, R2 among them, that do not give it.
    client.meta.events.unregister("before-call.s3", add_expect_header)
    try:
        yield S3Store(client, config)
    finally:
        await client.__aexit__(None, None, None)


class S3Store:
    """The objects under one prefix of one bucket; any number of calls side by side."""

    def __init__(self, client: Any, config: S3Config) -> None:
        self._client = client
        self._config = config

    async def put(
        self, key: str, path: Path, media_type: str, *, expires: datetime, job: str
    ) -> StoredObject:
        """Take the file up. Raises :class:`StoreError`; cancelled, an upload in parts is taken back."""
        about = self._named(key) | self._marks(media_type, expires, job)
        size = await asyncio.to_thread(_size, path)
        try:
            async with asyncio.timeout(self._config.patience(size)):
                etag = await upload(self._client, path, size, self._config.part_mb * 1024 * 1024, about)
        except _FAILURES as error:
            raise as_store_error("write", error, self._config) from None
        return StoredObject(key, size, media_type, etag)

    @asynccontextmanager
    async def open(
        self, key: str, start: int = 0, end: int | None = None, etag: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Read from ``start`` up to, not including, ``end``. Raises :class:`ObjectMissing`."""
        asked = self._named(key)
        if etag:
            asked["IfMatch"] = f'"{etag}"'
        if end is not None and end <= start:
            await self._answered(self._client.head_object(**asked), key)
            yield _nothing()
            return
        if start or end is not None:
            asked["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        answer = await self._answered(self._client.get_object(**asked), key)
        if answer is None:
            yield _nothing()
            return
        body = answer["Body"]
        try:
            yield self._chunks(body)
        finally:
            body.close()  # the connection, too, where not all was read

    async def delete(self, key: str) -> None:
        """Delete; a key that is not there is no error."""
        try:
            async with asyncio.timeout(self._config.patience()):
                await self._client.delete_object(**self._named(key))
        except _FAILURES as error:
            if code_of(error) not in GONE:
                raise as_store_error("delete", error, self._config) from None

    async def presign_put(
        self, key: str, media_type: str, *, size: int, expires: datetime, job: str
    ) -> PresignedPut | None:
        """A URL for one object, bound to its length, type and marks; it may be used again until it lapses."""
        about = self._named(key) | self._marks(media_type, expires, job)
        seconds = self._config.presign_s
        lapses = datetime.now(UTC) + timedelta(seconds=seconds)
        try:
            url = await self._client.generate_presigned_url(
                "put_object", Params=about | {"ContentLength": size}, ExpiresIn=seconds
            )
        except _FAILURES as error:
            raise as_store_error("sign", error, self._config) from None
        headers = {"Content-Type": media_type, "Content-Length": str(size)}
        headers |= {f"x-amz-meta-{name}": value for name, value in about["Metadata"].items()}
        if "Tagging" in about:
            headers["x-amz-tagging"] = about["Tagging"]
        return PresignedPut(url, headers, lapses)

    async def prepare(self, lifetime: timedelta) -> Sequence[str]:
        """Give the bucket the rule that deletes what was left behind. Raises :class:`StoreError`."""
        bucket, prefix = self._config.bucket, self._config.prefix
        if not self._config.lifecycle:
            return [f"bucket {bucket}: its rules are left alone ([plugins.s3] lifecycle = false)"]
        try:
            async with asyncio.timeout(2 * self._config.patience()):
                days = await ensure_rule(self._client, bucket, prefix, lifetime)
        except _FAILURES as error:
            raise as_store_error("read and write the lifecycle rules", error, self._config) from None
        life = "1 day" if days == 1 else f"{days} days"
        return [f"bucket {bucket}: what is left under {prefix}, or was never finished, goes after {life}"]

    def _named(self, key: str) -> dict[str, Any]:
        if not _KEY.fullmatch(key):
            raise StoreError(f"{key[:100]!r} is no key")
        return {"Bucket": self._config.bucket, "Key": self._config.prefix + key}

    def _marks(self, media_type: str, expires: datetime, job: str) -> dict[str, Any]:
        marks = {"job": job or "-", "expires": expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        about: dict[str, Any] = {"ContentType": media_type, "Metadata": marks}
        if self._config.tagged:
            about["Tagging"] = urlencode(marks)
        return about

    async def _answered(self, asking: Any, key: str) -> Any:
        """The answer; None where the file ends before the range begins."""
        try:
            async with asyncio.timeout(self._config.patience()):
                return await asking
        except _FAILURES as error:
            code = code_of(error)
            if code == "InvalidRange":
                return None
            if code in GONE:
                raise ObjectMissing(f"key {key}: {code}") from None
            raise as_store_error("read", error, self._config) from None

    async def _chunks(self, body: Any) -> AsyncIterator[bytes]:
        try:
            while chunk := await body.read(_CHUNK):
                yield chunk
        except _FAILURES as error:
            raise as_store_error("read", error, self._config) from None


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for chunk in nothing:
        yield chunk


def _size(path: Path) -> int:
    """Bytes of a file; one that is none cannot be kept, however often it is tried."""
    try:
        status = path.lstat()
    except OSError as error:
        raise StoreError(f"{path.name}: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{path.name} is no file")  # behind a symbolic link may lie anything
    return status.st_size
