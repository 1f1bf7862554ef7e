"""What the state tests stand on: a clock that only they move, and short ways to make rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from botcore.model import (
    Artifact,
    Job,
    JobKind,
    Message,
    OutgoingKind,
    RenderOptions,
    Source,
    Status,
)
from botcore.state import MAKING, Lane, NewJob, NewOutgoing, Payload, State

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = 30.0

NEW = NewJob(
    session_id="",
    kind=JobKind.PROBLEM,
    platform="test",
    chat_id="chat",
    renderer="flat",
    options=RenderOptions(),
    text="solve x = 1",
    user_language="en",
)
SOURCE = Source("flat", "draw x", problem="solve x = 1")


class SettableClock:
    """Every reading is a microsecond later than the one before."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def tick(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Ground:
    state: State
    clock: SettableClock

    async def session(self, user: str = "ada") -> str:
        return (await self.state.sessions.of("test", user)).id

    async def job(self, user: str = "ada", *, priority: int = 0, scope: str = "serve") -> Job:
        new = replace(NEW, session_id=await self.session(user), priority=priority, scope=scope)
        return (await self.state.jobs.submit(new))[0]

    async def claim(self, owner: str, lane: Lane = MAKING, *, scope: str = "serve") -> Job | None:
        return await self.state.claims.claim(owner, lane, scope, lease=LEASE)

    async def at(self, status: Status, user: str = "ada") -> Job:
        """A job that nobody holds, at ``status``."""
        job = await self.job(user)
        for step in PATHS[status]:
            job = await self.state.jobs.advance(job, step)
        return job


PATHS: dict[Status, tuple[Status, ...]] = {Status.QUEUED: ()}
_LINE = (
    Status.AI_GENERATING,
    Status.CODE_VALIDATING,
    Status.RENDERING,
    Status.UPLOADING,
    Status.READY,
    Status.DELIVERED,
)
PATHS |= {status: _LINE[: place + 1] for place, status in enumerate(_LINE)}
PATHS |= {
    Status.FAILED: (Status.FAILED,),
    Status.CANCELLED: (Status.CANCELLED,),
    Status.EXPIRED: (*_LINE[:5], Status.EXPIRED),
}


def message(message_id: str, text: str = "solve x = 1", chat_id: str = "chat") -> Message:
    return Message("test", chat_id, "ada", message_id, text)


def outgoing(dedupe: str, text: str = "hello", chat_id: str = "chat") -> NewOutgoing:
    return NewOutgoing(dedupe, "test", chat_id, Payload(OutgoingKind.TEXT, text))


def artifact(folder: Path, content: bytes = b"video") -> Artifact:
    path = folder / "video.mp4"
    path.write_bytes(content)
    return Artifact(path, "video/mp4", len(content), 1.0, 854, 480)
