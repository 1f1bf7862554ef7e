"""Small real implementations of the ports, as neighbours of what is tested. Each keeps its contract."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from botcore.errors import (
    DeliveryRejected,
    ObjectMissing,
    ProviderAbstained,
    RenderTimeout,
    SceneFailed,
    StoreError,
    VideoTooLarge,
)
from botcore.hooks.descriptors import Factory
from botcore.model import (
    Artifact,
    Aspect,
    Finding,
    GenerationRequest,
    GenerationResult,
    Message,
    Outgoing,
    PresignedPut,
    RenderOptions,
    RenderProgress,
    Sent,
    Severity,
    Source,
    StoredObject,
)
from botcore.ports import Progress, Receive, RenderLimits

_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"
_SIDES = {Aspect.WIDE: (854, 480), Aspect.TALL: (480, 854), Aspect.SQUARE: (480, 480)}


def made_by(make: Callable[[], Any]) -> Factory[Any]:
    """A factory for something that needs no config and no closing."""

    @asynccontextmanager
    async def factory(_config: object, _context: object) -> AsyncIterator[Any]:
        yield make()

    return factory


class EchoProvider:
    """Writes a source that holds the problem; abstains from everything without “solve”."""

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        if "solve" not in request.problem:
            raise ProviderAbstained("no “solve”", advice="Begin with the word solve.")
        source = Source(language=request.language, code=f"draw {request.problem!r}", problem=request.problem)
        return GenerationResult(source=source, model="echo")


class WordValidator:
    """Finds the word “forbidden”."""

    async def validate(self, source: Source) -> list[Finding]:
        return [
            Finding(
                Severity.ERROR, "forbidden", "This word is not allowed.", line, text.index("forbidden") + 1
            )
            for line, text in enumerate(source.code.split("\n"), start=1)
            if "forbidden" in text
        ]


class FlatRenderer:
    """Draws ``draw …`` as a few bytes; ``fail`` fails, ``wait`` waits for its end."""

    async def render(
        self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
    ) -> Artifact:
        if source.code.startswith("fail"):
            raise SceneFailed(line=1, problem="it was told to fail")
        if source.code.startswith("wait"):
            await progress(RenderProgress(animation=1, animations=2, fraction=0.5))
            await _wait(limits.deadline)
        await progress(RenderProgress(animation=1, animations=1, fraction=1.0))
        video, thumbnail = out / "video.mp4", out / "thumbnail.jpg"
        content = source.code.encode(errors="replace")
        if len(content) > limits.max_bytes:
            raise VideoTooLarge(limit_mb=limits.max_bytes // 1_000_000)
        video.write_bytes(content)
        thumbnail.write_bytes(_JPEG)
        width, height = _SIDES[options.aspect]
        return Artifact(video, "video/mp4", video.stat().st_size, 1.0, width, height, thumbnail)


class MemoryStore:
    """Keeps files in memory, for as long as the object lives."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def put(
        self, key: str, path: Path, media_type: str, *, expires: datetime, job: str
    ) -> StoredObject:
        _check_key(key)
        content = path.read_bytes()
        self._objects[key] = content
        return StoredObject(key, len(content), media_type, _etag(content))

    @asynccontextmanager
    async def open(
        self, key: str, start: int = 0, end: int | None = None, etag: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        _check_key(key)
        if (content := self._objects.get(key)) is None or (etag and etag != _etag(content)):
            raise ObjectMissing(key)

        async def chunks() -> AsyncIterator[bytes]:
            yield content[start:end]

        yield chunks()

    async def delete(self, key: str) -> None:
        self._objects.pop(key, None)

    async def presign_put(
        self, key: str, media_type: str, *, size: int, expires: datetime, job: str
    ) -> PresignedPut | None:
        return None


class ChatAdapter:
    """A platform in memory: :meth:`say` writes as a person, ``shown`` is what that person sees."""

    def __init__(self, platform: str = "test") -> None:
        self.platform = platform
        self.shown: dict[str, Outgoing] = {}
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    async def say(self, message: Message) -> None:
        await self._inbox.put(message)

    async def run(self, receive: Receive) -> None:
        while True:
            await receive(await self._inbox.get())

    async def send(self, out: Outgoing) -> Sent:
        if out.edits is not None and out.edits not in self.shown:
            raise DeliveryRejected(f"no message {out.edits}")
        message_id = out.edits or f"s{len(self.shown) + 1}"
        self.shown[message_id] = out
        return Sent((message_id,))


async def _wait(seconds: float) -> None:
    try:
        await asyncio.wait_for(asyncio.Event().wait(), seconds)
    except TimeoutError:
        raise RenderTimeout(seconds=seconds) from None


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _check_key(key: str) -> None:
    path = PurePosixPath(key)
    if not key or "\x00" in key or path.is_absolute() or ".." in path.parts:
        raise StoreError(f"{key!r} is no key")
