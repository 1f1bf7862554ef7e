"""The protocols that plugins implement and the core calls.

A factory (see :mod:`botcore.hooks.descriptors`) returns an async context manager that yields one of these.
Every method may raise errors of :mod:`botcore.errors`; anything else counts as a fault of the plugin.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from botcore.model import (
    Artifact,
    Attachment,
    Completion,
    Delivered,
    Finding,
    GenerationRequest,
    GenerationResult,
    Job,
    Message,
    NotMine,
    Offered,
    Outgoing,
    PresignedPut,
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


@runtime_checkable
class Completes(Protocol):
    """What a renderer has besides, when it knows the names of its language."""

    async def complete(self, prefix: str, limit: int) -> list[Completion]:
        """At most ``limit`` names that begin with ``prefix``, whatever its case, in alphabetical order;
        ``Class.`` before it means the members of that class.

        Raises :class:`~botcore.errors.RendererUnavailable`.
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
    """Keeps files under keys until they are deleted.

    Every method raises :class:`~botcore.errors.StoreUnavailable` where another try may succeed, and
    :class:`~botcore.errors.StoreError` where none will before the operator has mended something.
    """

    async def put(
        self, key: str, path: Path, media_type: str, *, expires: datetime, job: str
    ) -> StoredObject:
        """Keep the file under ``key``, whole or not at all; a second put of the key replaces it.

        The file's bytes are never all in memory. The answer's ``etag`` names this very content. ``job`` is
        whose file it is, ``expires`` when nobody needs it any more: marks for the operator and for the
        store's own rules of clearing up; deleting is the caller's work.
        """
        ...

    def open(
        self, key: str, start: int = 0, end: int | None = None, etag: str = ""
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Read bytes from ``start`` up to, not including, ``end``; there are none behind the end of the file.

        Entering raises :class:`~botcore.errors.ObjectMissing` when the key is not there, or when it holds
        another content than the one that ``etag`` names; no ``etag`` takes any.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete; a key that is not there is no error."""
        ...

    async def presign_put(
        self, key: str, media_type: str, *, size: int, expires: datetime, job: str
    ) -> PresignedPut | None:
        """A place that takes a PUT of exactly ``size`` bytes from somebody without the store's keys; None
        where the store has no such thing. It lapses within minutes."""
        ...


@runtime_checkable
class HoldsFiles(Protocol):
    """What a store has besides, when its objects are files on this machine."""

    def path(self, key: str) -> Path:
        """Where the object of this key lies, if it is there; nobody but the store writes to it or moves it.
        It may be opened or linked, and what was opened can be read to its end although it is deleted."""
        ...


@runtime_checkable
class Prepares(Protocol):
    """What a store has besides, when something has to be set up at the other side once."""

    async def prepare(self, lifetime: timedelta) -> Sequence[str]:
        """Set up what is missing, leave all else as it is, and say in one line each what now holds. Nothing
        that is set up may delete an object before ``lifetime`` is over. ``botcore migrate`` calls it; it may
        be called any number of times."""
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
