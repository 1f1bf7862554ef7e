"""Every hook of botcore. ``hookimpl`` marks an implementation in a plugin's module.

Registration hooks are synchronous, cheap and do no I/O; pluggy calls them once at start. Event hooks are
async and are called by :mod:`botcore.hooks.runner`, because pluggy does not await; each names its mode:

decisive
    asked one after the other until one does not :class:`~botcore.hooks.results.Pass`.
pipe
    each gets the value that the one before returned.
notify
    all are told, side by side; what they return is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import pluggy

from botcore.hooks.descriptors import (
    AdapterDescriptor,
    Check,
    Command,
    DelivererDescriptor,
    EngineDescriptor,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.hooks.results import Decision, Pass, Reject, Replace, Reply
from botcore.model import Artifact, GenerationRequest, Job, Message, Outgoing, Source

PROJECT = "botcore"

F = TypeVar("F", bound=Callable[..., Any])
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Mode(StrEnum):
    DECISIVE = "decisive"
    PIPE = "pipe"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Event:
    """How the runner calls an event hook; an answer that is none of ``answers`` is passed over."""

    mode: Mode
    answers: tuple[type, ...]


EVENTS: dict[str, Event] = {}
"""Every event hook by name."""


def eventspec(mode: Mode, *answers: type) -> Callable[[F], F]:
    """Mark the specification of an event hook."""

    def mark(function: F) -> F:
        EVENTS[function.__name__] = Event(mode, answers)
        return hookspec(function)

    return mark


D_contra = TypeVar("D_contra", contravariant=True)


class Registry(Protocol[D_contra]):
    """What a registration hook gets."""

    def add(self, item: D_contra, /) -> None:
        """Register; a name that is already taken raises :class:`~botcore.errors.PluginError`."""
        ...


@hookspec
def botcore_register_adapters(registry: Registry[AdapterDescriptor]) -> None:
    """Register platforms."""


@hookspec
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """Register providers of sources."""


@hookspec
def botcore_register_validators(registry: Registry[ValidatorDescriptor]) -> None:
    """Register readers of sources."""


@hookspec
def botcore_register_renderers(registry: Registry[RendererDescriptor]) -> None:
    """Register renderers."""


@hookspec
def botcore_register_stores(registry: Registry[StoreDescriptor]) -> None:
    """Register stores."""


@hookspec
def botcore_register_deliverers(registry: Registry[DelivererDescriptor]) -> None:
    """Register deliverers."""


@hookspec
def botcore_register_engines(registry: Registry[EngineDescriptor]) -> None:
    """Register engines."""


@hookspec
def botcore_register_commands(registry: Registry[Command]) -> None:
    """Register chat commands."""


@hookspec
def botcore_register_cli(registry: Registry[Any]) -> None:
    """Register sub-commands of ``botcore``: add ``typer.Typer`` apps or plain functions."""


@hookspec
def botcore_register_checks(registry: Registry[Check]) -> None:
    """Register lines of ``botcore doctor``."""


@eventspec(Mode.DECISIVE, Pass, Reply, Reject, Replace)
async def botcore_message_received(message: Message) -> Decision:  # type: ignore[empty-body]  # a spec has no body
    """A new message, before it is routed."""


@eventspec(Mode.PIPE, GenerationRequest)
async def botcore_before_generate(request: GenerationRequest) -> GenerationRequest:  # type: ignore[empty-body]  # spec
    """What a provider is about to be asked."""


@eventspec(Mode.PIPE, Source)
async def botcore_source_ready(source: Source) -> Source:  # type: ignore[empty-body]  # spec
    """A source, before it is validated."""


@eventspec(Mode.NOTIFY)
async def botcore_job_changed(job: Job) -> None:
    """A job has a new status."""


@eventspec(Mode.PIPE, Artifact)
async def botcore_artifact_ready(artifact: Artifact) -> Artifact:  # type: ignore[empty-body]  # spec
    """A rendered and probed file, before it is stored."""


@eventspec(Mode.PIPE, Outgoing)
async def botcore_outgoing(outgoing: Outgoing) -> Outgoing:  # type: ignore[empty-body]  # spec
    """A message, before its adapter sends it."""
