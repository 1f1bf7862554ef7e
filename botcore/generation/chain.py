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
    BudgetUsedUp,
    Handling,
    PluginError,
    ProviderAbstained,
    ProviderError,
    ProviderMisconfigured,
    ProviderResting,
    ProvidersExhausted,
    ProviderTooSlow,
    ProviderUnavailable,
    UnknownProvider,
)
from botcore.generation.breaker import LONG_WAIT
from botcore.generation.counts import spending, spending_of
from botcore.generation.fitting import asked, fits, most
from botcore.generation.gate import Admission, Gate
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import GenerationRequest, GenerationResult, Source, Spending
from botcore.ports import Provider
from botcore.telemetry import get_logger, metrics

_log = get_logger(__name__)

_TRIES = 3
"""How often one provider is asked the same while it answers "try again"."""
_PAUSE = 1.0
"""Seconds before the second try; doubled for each further one, and spread by chance."""
_SPREAD = 0.25
"""By so much of itself a pause that the provider named is lengthened at most, by chance."""
_SHARE = 0.6
"""Of the time that is left, for a provider that others follow."""
_ENOUGH = 30.0
"""Seconds that a provider gets at least, where they are there: a shorter call helps nobody. One that had less
is not to blame for being slow."""
_COMES_BACK = 60.0
"""Seconds after which to try again with a provider that said nothing about it."""


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
    """The providers in order: exact ones first, then by priority; ``order`` names come before all others.

    ``gate`` knows whose circuit is open and whose budget is used up.
    """

    def __init__(self, installed: Providers, gate: Gate, *, order: Sequence[str] = ()) -> None:
        self._installed = installed
        self._gate = gate
        self._order = tuple(order)

    def candidates(
        self, request: GenerationRequest, *, choice: str | None = None, skip: Collection[str] = ()
    ) -> list[ProviderDescriptor]:
        """Who could serve ``request``, best first.

        A person's ``choice`` is asked alone: another model's answer is not what they asked for. Raises
        :class:`UnknownProvider` for a choice that is not installed.
        """
        self.check_choice(choice)
        known = self._installed.providers
        if choice is not None:
            known = {choice: known[choice]}
        fitting = [item for name, item in known.items() if name not in skip and fits(item, request)]
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
        self,
        request: GenerationRequest,
        *,
        choice: str | None = None,
        skip: Collection[str] = (),
        session_id: str = "",
    ) -> Generated:
        """Ask until one answers; ``request.deadline`` seconds in all, on the budget of ``session_id``.

        Raises :class:`ProvidersExhausted` with every error, or the error of a provider whose word is final.
        """
        ends = monotonic() + request.deadline
        errors: list[tuple[str, BotcoreError]] = []
        candidates = self.candidates(request, choice=choice, skip=skip)
        resting = await self._gate.resting()
        for place, descriptor in enumerate(candidates, start=1):
            left = ends - monotonic()
            if left <= 0:
                break
            followed = any(later.name not in resting for later in candidates[place:])
            share = min(left, max(left * _SHARE, _ENOUGH)) if followed else left
            try:
                return await self._ask(descriptor, request, monotonic() + share, session_id)
            except BotcoreError as error:
                _log.info("provider_failed", provider=descriptor.name, code=error.code, detail=error.detail)
                if error.handling is Handling.FINAL and isinstance(error, ProviderError):
                    raise
                errors.append((descriptor.name, error))
        if all(item.exact for item in self._installed.providers.values()):
            _log.warning("no_language_model", remedy="set the key of one: docs/providers.md")
        waits = _waits([error for _, error in errors])
        raise ProvidersExhausted(errors, waits=waits, chosen=choice is not None)

    async def _ask(
        self, descriptor: ProviderDescriptor, request: GenerationRequest, ends: float, session_id: str
    ) -> Generated:
        failure: BotcoreError | None = None
        for attempt in range(1, _TRIES + 1):
            left = ends - monotonic()
            try:
                admission = await self._gate.admit(
                    descriptor, session_id, most(descriptor, request), seconds=left
                )
            except (ProviderResting, BudgetUsedUp) as error:
                raise (failure or error) from None
            try:
                return await self._once(descriptor, replace(request, deadline=left), admission)
            except BotcoreError as error:
                failure = error
                pause = _pause(attempt, error.retry_after)
                enough_time = pause <= min(LONG_WAIT, ends - monotonic())
                if error.handling is not Handling.RETRY or attempt == _TRIES or not enough_time:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last try either returned or raised")

    async def _once(
        self, descriptor: ProviderDescriptor, request: GenerationRequest, admission: Admission
    ) -> Generated:
        """One admitted call, which is written down however it ends."""
        started = perf_counter()
        used = Spending()

        async def ended(error: BotcoreError | None) -> float:
            seconds = perf_counter() - started
            _count(descriptor.name, error, used, seconds)
            fair = request.deadline >= _ENOUGH
            await self._gate.ended(admission, error, used, seconds=seconds, fair=fair)
            return seconds

        try:
            result = await self._called(descriptor.name, request)
            counted = spending_of(result.input_tokens, result.output_tokens, result.cost)
            if counted is None:
                _miscounted(descriptor.name)
                result = replace(result, input_tokens=0, output_tokens=0, cost=0.0)
            used = counted or asked(descriptor, request)
            _check_whole(result)
        except asyncio.CancelledError:
            await self._gate.cancelled(admission, asked(descriptor, request))
            raise
        except BotcoreError as error:
            used += _used(error, descriptor, request)
            await ended(error)
            raise
        return Generated(descriptor.name, result, await ended(None))

    async def _called(self, name: str, request: GenerationRequest) -> GenerationResult:
        """One call. Whatever is raised is an error of ours."""
        try:
            async with asyncio.timeout(max(0.0, request.deadline)):
                provider = await self._installed.provider(name)
                return _as_promised(await provider.generate(request))
        except TimeoutError as error:
            raise ProviderTooSlow(f"no answer in {request.deadline:.3g} s") from error
        except BotcoreError:
            raise
        except Exception as error:
            _log.exception("provider_broke", provider=name)
            raise PluginError(f"{name} raised {type(error).__name__}") from error

    def _rank(self, descriptor: ProviderDescriptor) -> tuple[int, bool, int, str]:
        listed = descriptor.name in self._order
        place = self._order.index(descriptor.name) if listed else len(self._order)
        return (place, not descriptor.exact, -descriptor.priority, descriptor.name)


def _as_promised(result: object) -> GenerationResult:
    """A plugin is not held to its types by anything else."""
    if not isinstance(result, GenerationResult):
        raise TypeError(f"generate() returned a {type(result).__name__}, and no GenerationResult")
    if not isinstance(result.source, Source):
        raise TypeError(f"the result's source is a {type(result.source).__name__}, and no Source")
    return result


def _check_whole(result: GenerationResult) -> None:
    if result.finish_reason != "stop":
        # Half a program may well parse and draw almost nothing.
        raise ProviderError(f"the answer is not whole: {result.finish_reason}")


def _used(error: BotcoreError, descriptor: ProviderDescriptor, request: GenerationRequest) -> Spending:
    """What a failed call used: what the provider counted, or what was asked of one that was too slow to."""
    if isinstance(error, ProviderError) and (error.tokens or error.cost):
        counted = spending(error.tokens, error.cost)
        if counted is None:
            _miscounted(descriptor.name)
        return counted or asked(descriptor, request)
    return asked(descriptor, request) if isinstance(error, ProviderTooSlow) else Spending()


def _miscounted(name: str) -> None:
    _log.warning("provider_miscounts", provider=name, remedy="mend or upgrade the plugin: no such use can be")


def _count(name: str, error: BotcoreError | None, used: Spending, seconds: float) -> None:
    metrics.generations.labels(name, "answered" if error is None else error.code).inc()
    metrics.generation_seconds.labels(name).observe(seconds)
    metrics.generation_tokens.labels(name).inc(used.tokens)
    metrics.generation_cost.labels(name).inc(used.cost)


def _pause(attempt: int, retry_after: float | None) -> float:
    # Spreads retries, no secret.
    if retry_after is not None:
        return retry_after * random.uniform(1.0, 1.0 + _SPREAD)  # noqa: S311  # as above
    return _PAUSE * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311  # as above


def _waits(errors: Sequence[BotcoreError]) -> float | None:
    """Seconds until a provider that is down may be back; None where one was there and could not do it."""
    tried = [error for error in errors if not isinstance(error, ProviderAbstained)]
    down = (ProviderResting, ProviderUnavailable, ProviderTooSlow)
    if not all(isinstance(error, (*down, ProviderMisconfigured, BudgetUsedUp)) for error in tried):
        return None
    waits = [error.retry_after or _COMES_BACK for error in tried if isinstance(error, down)]
    return min(waits, default=None)
