"""What a plugin registers: a description, and a factory that is called when the thing is first used.

A factory takes the plugin's validated config and a :class:`PluginContext` and returns an async context
manager: what it opens it closes. Heavy libraries are imported inside it, never by the module that the entry
point names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from botcore.languages import Catalogue
from botcore.model import Capabilities, GenerationRequest, Message, Prompt, Source
from botcore.ports import Adapter, Deliverer, Engine, Provider, Receive, Renderer, Store, Validator

if TYPE_CHECKING:  # half a second of CPU at every start, for one annotation
    from aiohttp import web


class PluginConfig(BaseModel):
    """Base of every plugin's config model: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def missing(self) -> str:
        """The setting without which the plugin can do nothing (a token), when it is not set; else empty.

        Such a plugin is not loaded and nobody suffers: ``botcore plugins`` says what to set.
        """
        return ""


class NoConfig(PluginConfig):
    """For plugins without settings."""


@dataclass(frozen=True, slots=True)
class PluginContext:
    """What the core gives to a factory. ``data_dir`` is the plugin's own folder; it exists."""

    plugin: str
    data_dir: Path
    workers: int
    """How many jobs run side by side on this host."""
    public_url: str = ""
    """How people and platforms reach this server from outside (``web.public_url``); empty: they do not."""


T = TypeVar("T")
Factory = Callable[[Any, PluginContext], AbstractAsyncContextManager[T]]


@dataclass(frozen=True, kw_only=True)
class Descriptor(Generic[T]):
    """Common part. ``name`` is what people type and configs name; all descriptors of one plugin that have
    settings share one ``config`` model, validated from ``[plugins.<plugin>]``.

    ``family`` is for what only the settings decide: it gets the checked config and returns the descriptors
    that are registered in place of this one (one for each of several accounts, or this one with a priority).
    """

    kind: ClassVar[str]
    name: str
    factory: Factory[T]
    config: type[PluginConfig] = NoConfig
    summary: str = ""
    family: Callable[[Any], Iterable[Descriptor[T]]] | None = None


@dataclass(frozen=True, kw_only=True)
class ProviderDescriptor(Descriptor[Provider]):
    """``languages``: renderer languages it writes by itself; none for a language model, which writes whatever
    the request's prompt asks for, and nothing without a prompt. ``exact``: needs no key, no network, and is
    tried first. ``recognises``: a cheap test whether a short text is a problem for this provider, if it has
    one.

    Of a language model, 0 being unknown: ``context``, tokens of what is asked and answered together;
    ``max_tokens`` of an answer; ``price_in`` and ``price_out``, US dollars for a million tokens.
    """

    kind: ClassVar[str] = "provider"
    languages: tuple[str, ...] = ()
    priority: int = 0
    exact: bool = False
    pictures: bool = False
    recognises: Callable[[str], bool] | None = None
    context: int = 0
    max_tokens: int = 0
    price_in: float = 0.0
    price_out: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ValidatorDescriptor(Descriptor[Validator]):
    """``languages``: renderer languages it reads."""

    kind: ClassVar[str] = "validator"
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RendererDescriptor(Descriptor[Renderer]):
    """``language``: what its sources are written in, and ``suffix`` what files of it end with. ``detect``
    returns the code in a message's text (without fences and prose), or None when the text is no code.
    ``prompt`` writes the request for a language model; without it no language model is asked for this
    renderer's sources.

    ``plainer`` makes of a source that could not be drawn one that surely can be, or None; it is asked once,
    when no further generation is left. ``change`` fulfils a person's wish about a source where no model is
    needed for it; None when in doubt."""

    kind: ClassVar[str] = "renderer"
    language: str
    title: str
    detect: Callable[[str], str | None]
    suffix: str = ".txt"
    prompt: Callable[[GenerationRequest], Prompt] | None = None
    plainer: Callable[[Source], Source | None] | None = None
    change: Callable[[Source, str], Source | None] | None = None


@dataclass(frozen=True, kw_only=True)
class StoreDescriptor(Descriptor[Store]):
    kind: ClassVar[str] = "store"


@dataclass(frozen=True, kw_only=True)
class DelivererDescriptor(Descriptor[Deliverer]):
    """Deliverers are asked in order of ``priority``, highest first."""

    kind: ClassVar[str] = "deliverer"
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class EngineDescriptor(Descriptor[Engine]):
    kind: ClassVar[str] = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route that an adapter mounts: ``handle(adapter, request, receive)`` answers the platform's webhook.

    ``max_body`` in bytes: reading a longer one raises ``web.HTTPRequestEntityTooLarge``. Where a body does
    not come in time, ``handle`` is cancelled.
    """

    method: str
    path: str
    handle: Callable[[Any, web.Request, Receive], Awaitable[web.StreamResponse]]
    max_body: int = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class AdapterDescriptor(Descriptor[Adapter]):
    """``name`` is the platform, ``title`` what people call it; empty: the name with a capital letter.
    ``terminal``: it talks to the person at this terminal, so ``botcore chat``
    runs it and ``botcore serve`` does not."""

    kind: ClassVar[str] = "adapter"
    capabilities: Capabilities
    title: str = ""
    terminal: bool = False
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A chat command of a plugin: ``/name``; ``answer(message, argument)`` returns the text to send back, in
    ``message.language`` if it can. ``catalogue`` translates the summary for /help."""

    name: str
    summary: str
    answer: Callable[[Message, str], Any]
    catalogue: Catalogue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A line of ``botcore doctor``: ``run()`` returns findings about this machine.

    Registered with ``botcore_register_checks``.
    """

    name: str
    run: Callable[[Any, PluginContext], list[CheckResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """``ok``, what was seen, and how to mend it when not ok. ``warning``: all works, but somebody should
    look."""

    name: str
    ok: bool
    seen: str
    remedy: str = ""
    warning: bool = False
