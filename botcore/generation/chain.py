"""Asks providers one after the other until one writes a source."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic, perf_counter
from typing import Protocol

from botcore.errors import (
    BotcoreError,
    Handling,
    PluginError,
    ProviderError,
    ProvidersExhausted,
    ProviderUnavailable,
    UnknownProvider,
)
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import GenerationRequest, GenerationResult
from botcore.ports import Provider
from botcore.telemetry import get_logger, metrics

_log = get_logger(__name__)

_TRIES = 3
"""How often one provider is asked the same while it answers "try again"."""
_PAUSE = 1.0
"""Seconds before the second try; doubled for each further one, and spread by chance."""
_LONGEST_PAUSE = 20.0
"""A provider that wants a longer pause than this many seconds is left for the next one."""


class Providers(Protocol):
    """What is installed: descriptors by name, and the provider behind each."""

    @property
    def providers(self) -> Mapping[str, ProviderDescriptor]: ...

    async def provider(self, name: str) -> Provider:
        """The provider; opened when it is first asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Generated:
    """A source, and the name of the provider that wrote it in ``seconds``."""

    provider: str
    result: GenerationResult
    seconds: float


class ProviderChain:
    """The providers in order: exact ones first, then by priority; ``order`` names come before all others."""

    def __init__(self, installed: Providers, *, order: Sequence[str] = ()) -> None:
        self._installed = installed
        self._order = tuple(order)

    def candidates(
        self, request: GenerationRequest, *, choice: str | None = None, skip: Collection[str] = ()
    ) -> list[ProviderDescriptor]:
        """Who could serve ``request``, best first.

        A person's ``choice`` is asked alone: another model's answer is not what they asked for. Raises
        :class:`UnknownProvider` for a choice that is not installed.
        """
        known = self._installed.providers
        if choice is not None:
            if choice not in known:
                raise UnknownProvider(name=choice, available=", ".join(sorted(known)) or "–")
            known = {choice: known[choice]}
        fitting = [item for name, item in known.items() if name not in skip and _fits(item, request)]
        return sorted(fitting, key=self._rank)

    def check_choice(self, choice: str | None) -> None:
        """Raise :class:`UnknownProvider` unless ``choice`` is installed, or is None."""
        known = self._installed.providers
        if choice is not None and choice not in known:
            raise UnknownProvider(name=choice, available=", ".join(sorted(known)) or "–")

    def exact(self, name: str) -> bool:
        """Whether this provider computes its answer: asked the same again, it says the same again."""
        descriptor = self._installed.providers.get(name)
        return descriptor is not None and descriptor.exact

    async def generate(
        self, request: GenerationRequest, *, choice: str | None = None, skip: Collection[str] = ()
    ) -> Generated:
        """Ask until one answers; ``request.deadline`` seconds in all.

        Raises :class:`ProvidersExhausted` with every error, or the error of a provider whose word is final.
        """
        ends = monotonic() + request.deadline
        errors: list[tuple[str, BotcoreError]] = []
        for descriptor in self.candidates(request, choice=choice, skip=skip):
            if ends - monotonic() <= 0:
                break
            try:
                return await self._ask(descriptor.name, request, ends)
            except BotcoreError as error:
                _log.info("provider_failed", provider=descriptor.name, code=error.code, detail=error.detail)
                if error.handling is Handling.FINAL and isinstance(error, ProviderError):
                    raise
                errors.append((descriptor.name, error))
        raise ProvidersExhausted(errors)

    async def _ask(self, name: str, request: GenerationRequest, ends: float) -> Generated:
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._once(name, request, ends)
            except BotcoreError as error:
                pause = _pause(attempt, error.retry_after)
                enough_time = pause <= min(_LONGEST_PAUSE, ends - monotonic())
                if error.handling is not Handling.RETRY or attempt == _TRIES or not enough_time:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("the last try either returned or raised")

    async def _once(self, name: str, request: GenerationRequest, ends: float) -> Generated:
        started = perf_counter()
        outcome = "failed"
        try:
            async with asyncio.timeout(max(0.0, ends - monotonic())):
                provider = await self._installed.provider(name)
                result = await provider.generate(replace(request, deadline=max(0.0, ends - monotonic())))
            _check_whole(result)
            outcome = "answered"
            return Generated(name, result, perf_counter() - started)
        except TimeoutError as error:
            raise ProviderUnavailable("no answer within the deadline") from error
        except BotcoreError as error:
            outcome = error.code
            raise
        except Exception as error:
            _log.exception("provider_broke", provider=name)
            raise PluginError(f"{name} raised {type(error).__name__}") from error
        finally:
            metrics.generations.labels(name, outcome).inc()
            metrics.generation_seconds.labels(name).observe(perf_counter() - started)

    def _rank(self, descriptor: ProviderDescriptor) -> tuple[int, bool, int, str]:
        listed = descriptor.name in self._order
        place = self._order.index(descriptor.name) if listed else len(self._order)
        return (place, not descriptor.exact, -descriptor.priority, descriptor.name)


def _fits(descriptor: ProviderDescriptor, request: GenerationRequest) -> bool:
    if descriptor.languages and request.language not in descriptor.languages:
        return False
    if not descriptor.languages and request.prompt is None:
        return False
    if descriptor.exact and request.change is not None:
        return False  # it computes answers; what people wish of a picture it cannot know
    return request.picture is None or descriptor.pictures


def _check_whole(result: GenerationResult) -> None:
    if result.finish_reason != "stop":
        # Half a program may well parse and draw almost nothing.
        raise ProviderError(f"the answer is not whole: {result.finish_reason}")


def _pause(attempt: int, retry_after: float | None) -> float:
    if retry_after is not None:
        return retry_after
    return _PAUSE * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311  # spreads retries, no secret
