"""Entry point ``s3``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from botcore import PluginConfig, PluginContext, Registry, Store, StoreDescriptor, hookimpl

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*/)+")
_SLOWEST = 64 * 1024
"""Bytes a second below which an upload counts as stalled."""
_PRINTABLE = re.compile(r"[\x21-\x7e]*")


def _bucket(name: str) -> str:
    if name and not _BUCKET.fullmatch(name):
        raise ValueError("must be the name of a bucket: 3 to 63 small letters, digits, dots and dashes")
    return name


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if url and (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username is not None
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
    ):
        raise ValueError("must be an address such as https://s3.example.org, without a path or a key in it")
    return url.rstrip("/")


def _prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise ValueError(
            "must be like “botcore/”: the bucket's rule deletes all that lies under it, so it cannot be empty"
        )
    return text


def _key(key: SecretStr) -> SecretStr:
    if not _PRINTABLE.fullmatch(key.get_secret_value()):
        raise ValueError("a key has no spaces, line ends or other signs than ASCII")
    return key


Secret = Annotated[SecretStr, AfterValidator(_key)]


class S3Config(PluginConfig):
    """``[plugins.s3]``."""

    bucket: Annotated[str, AfterValidator(_bucket)] = ""
    """The bucket; it must exist."""
    endpoint_url: Annotated[str, AfterValidator(_endpoint)] = ""
    """Address of the server; empty: Amazon's."""
    region: str = ""
    """Region of the bucket; empty: us-east-1 at Amazon, auto elsewhere."""
    access_key: Secret = SecretStr("")
    """Id of the access key."""
    secret_key: Secret = SecretStr("")
    """The secret that belongs to it."""
    credentials: Literal["keys", "machine"] = "keys"
    """The two keys above, or what this machine has: a role, a profile, AWS_… in the environment."""
    prefix: Annotated[str, AfterValidator(_prefix)] = "botcore/"
    """What the names of all objects begin with; nothing else in the bucket is ever touched."""
    addressing_style: Literal["auto", "path", "virtual"] = "auto"
    """Whether the bucket stands in the path or in the host's name."""
    part_mb: int = Field(default=8, ge=5, le=64)
    """Files over so many MiB go up in parts of that size; one part at a time is held in memory."""
    connect_timeout: float = Field(default=5.0, gt=0)
    """Seconds after which a server that takes no connection is given up."""
    read_timeout: float = Field(default=30.0, gt=0)
    """Seconds of silence after which an answer is given up."""
    retries: int = Field(default=2, ge=0, le=10)
    """How often one request is repeated at once when the server is busy or the connection breaks."""
    tags: bool | None = None
    """Whether objects carry job and expiry as tags, besides their metadata; not set: everywhere but at R2,
    which has none."""
    lifecycle: bool = True
    """Whether ``botcore migrate`` gives the bucket a rule that deletes what was left behind."""
    presign_s: int = Field(default=900, ge=10, le=3600)
    """Seconds for which a place to upload can be used."""

    def missing(self) -> str:
        """The first thing without which no object can be kept."""
        if not self.bucket:
            return "bucket"
        if self.credentials == "machine":
            return ""
        if not self.access_key.get_secret_value():
            return "access_key"
        return "" if self.secret_key.get_secret_value() else "secret_key"

    def patience(self, size: int = 0) -> float:
        """Seconds after which a call that sends ``size`` bytes is given up, its repetitions included: where a
        server stops reading in the middle, no other limit strikes."""
        once = self.connect_timeout + self.read_timeout + size / _SLOWEST
        return (self.retries + 1) * once

    @property
    def server(self) -> str:
        """The server's name, for messages to the operator."""
        return urlsplit(self.endpoint_url).netloc or "Amazon S3"

    @property
    def region_name(self) -> str:
        """The region that requests are signed for."""
        return self.region or ("auto" if self.endpoint_url else "us-east-1")

    @property
    def tagged(self) -> bool:
        """Whether objects get tags."""
        if self.tags is not None:
            return self.tags
        host = urlsplit(self.endpoint_url).hostname or ""
        return not host.endswith(".r2.cloudflarestorage.com")


@asynccontextmanager
async def open_s3(config: S3Config, _context: PluginContext) -> AsyncIterator[Store]:
    """A client with its own pool of connections, closed at the end. The SDK is imported now, beside the event
    loop: that takes a while."""
    connect = await asyncio.to_thread(_sdk)
    async with connect(config) as store:
        yield store


def _sdk() -> Callable[[S3Config], AbstractAsyncContextManager[Store]]:
    from botcore_s3.store import connect

    return connect


S3 = StoreDescriptor(name="s3", summary="S3, R2, and what speaks like them", config=S3Config, factory=open_s3)


@hookimpl
def botcore_register_stores(registry: Registry[StoreDescriptor]) -> None:
    """The store ``s3``."""
    registry.add(S3)
