"""The protocols that plugins implement and the core calls.

A factory (see :mod:`botcore.hooks.descriptors`) returns an async context manager that yields one of these.
Every method may raise errors of :mod:`botcore.errors`; anything else counts as a fault of the plugin.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from botcore.model import (
    Artifact,
    Attachment,
    Delivered,
    Finding,
    GenerationRequest,
    GenerationResult,
    Job,
    Message,
    NotMine,
    Offered,
    Outgoing,
    Receipt,
    RenderOptions,
    RenderProgress,
    Sent,
    Source,
    StoredObject,
)

Receive = Callable[[Message | Receipt], Awaitable[None]]
"""Hands a message to the intake and returns once its inbox row is committed; or a receipt to the outbox."""

Progress = Callable[[RenderProgress], Awaitable[None]]
"""Called by a renderer while it draws, at most a few times a second."""

Run = Callable[[str], Awaitable[None]]
"""The pipeline as the engine sees it: runs the job of this id to a final or ready status."""


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """What one rendering may use: ``max_bytes`` of the file, ``deadline`` in seconds from now."""

    max_bytes: int
    deadline: float


class Provider(Protocol):
    async def generate(self, request: GenerationRequest) -> GenerationResult:
        """Turn a problem into a source. Raises :class:`~botcore.errors.ProviderError`."""
        ...


class Validator(Protocol):
    async def validate(self, source: Source) -> list[Finding]:
        """Read a source without running it."""
        ...


class Renderer(Protocol):
    async def render(
        self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
    ) -> Artifact:
        """Draw ``source``; write the file and its thumbnail into the empty folder ``out``.

        Raises :class:`~botcore.errors.RenderError` or :class:`~botcore.errors.SourceError`. Cancelling the
        call ends the drawing within a second and leaves nothing running.
        """
        ...


@runtime_checkable
class Shrinks(Protocol):
    """What a renderer has besides, when it can make a file that is too big for a platform smaller."""

    async def shrink(self, artifact: Artifact, limits: RenderLimits, out: Path) -> Artifact:
        """The same film in at most ``limits.max_bytes``, written into the empty folder ``out``.

        The original stays as it is; thumbnail and findings are taken over. Raises
        :class:`~botcore.errors.VideoTooLarge` when nothing worth looking at would be left, else as
        :meth:`Renderer.render`.
        """
        ...


class Adapter(Protocol):
    async def run(self, receive: Receive) -> None:
        """Receive until cancelled. Adapters with mounted routes receive there and only wait here."""
        ...

    async def send(self, out: Outgoing) -> Sent:
        """Send or edit one message. Raises :class:`~botcore.errors.DeliveryError`."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """What an adapter has besides, when its messages name files by ``reference`` instead of holding them."""

    async def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        """The file's bytes; of a longer file ``max_bytes`` of them.

        Raises :class:`~botcore.errors.DeliveryUnavailable` (tried again) or
        :class:`~botcore.errors.InputError` (the person is told).
        """
        ...


class Store(Protocol):
    async def put(self, key: str, path: Path, media_type: str, expires: datetime) -> StoredObject:
        """Keep the file under ``key``, whole or not at all; a second put of the key replaces it."""
        ...

    def open(
        self, key: str, start: int = 0, end: int | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Read bytes from ``start`` up to, not including, ``end``.

        Raises :class:`~botcore.errors.ObjectMissing`.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete; a key that is not there is no error."""
        ...

    async def presign_put(self, key: str, media_type: str, max_bytes: int) -> str | None:
        """A URL that takes one PUT of the file, or None where the store has no such thing."""
        ...


class Deliverer(Protocol):
    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | Offered | NotMine:
        """Hand a stored artifact to the person of ``job``. Idempotent: called again after a crash."""
        ...


class Engine(Protocol):
    async def submit(self, job: Job) -> None:
        """Make sure that the job is run. Submitting twice is harmless."""
        ...

    async def cancel(self, job_id: str) -> None:
        """Stop a run of this job wherever it is. The row was moved to ``cancelled`` before."""
        ...

    async def work(self, run: Run) -> None:
        """Run jobs until cancelled."""
        ...

    async def depth(self) -> int:
        """How many jobs wait."""
        ...
