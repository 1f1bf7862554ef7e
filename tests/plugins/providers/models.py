"""The providers under test: each installed plugin, pointed at a local server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from botcore_cloudflare import plugin as cloudflare
from botcore_deepseek import plugin as deepseek
from botcore_gemini import plugin as gemini
from botcore_groq import plugin as groq
from botcore_huggingface import plugin as huggingface
from botcore_openai import plugin as openai

from botcore import GenerationRequest, GenerationResult, PluginContext, Provider, ProviderDescriptor
from botcore.model import Attachment
from botcore.testing.model_server import KEY, MODEL, ModelServer
from botcore.testing.samples import make_prompt, make_request
from botcore_openai_compatible import plugin as openai_compatible

PRICES = {"price_in": 2.0, "price_out": 10.0, "price_cached": 0.5}


@dataclass(frozen=True)
class Case:
    """A plugin, and the service that it is to be tested with."""

    name: str
    plugin: Any
    service: str

    def config(self, server: ModelServer, **changes: Any) -> dict[str, Any]:
        """The plugin's section."""
        values = {"base_url": server.url(self.service), "model": MODEL, "key": KEY} | changes
        return {"endpoints": {"home": values}} if self.name == "openai-compatible" else values

    def described(self, config: Mapping[str, Any]) -> tuple[ProviderDescriptor, Any]:
        """The descriptor that is registered with these settings, and the settings."""
        registered: list[ProviderDescriptor] = []

        class Registry:
            def add(self, item: ProviderDescriptor, /) -> None:
                registered.append(item)

        self.plugin.botcore_register_providers(Registry())
        checked = registered[0].config.model_validate(config)
        assert registered[0].family is not None
        (member,) = registered[0].family(checked)
        return member, checked  # type: ignore[return-value]  # the family of a provider

    @asynccontextmanager
    async def open(self, server: ModelServer, **changes: Any) -> AsyncIterator[Asker]:
        """The provider, opened as the core opens it."""
        descriptor, config = self.described(self.config(server, **changes))
        context = PluginContext(plugin=self.name, data_dir=None, workers=1)  # type: ignore[arg-type]  # unused
        async with descriptor.factory(config, context) as provider:
            yield Asker(provider)


@dataclass(frozen=True)
class Asker:
    """Asks a provider in a few words."""

    provider: Provider

    async def __call__(
        self,
        problem: str = "solve x = 1",
        *,
        picture: Attachment | None = None,
        turns: tuple[str, ...] | None = None,
        deadline: float = 20.0,
    ) -> GenerationResult:
        request = make_request(problem, deadline=deadline)
        prompt = make_prompt(request)
        prompt = prompt if turns is None else replace(prompt, turns=turns)
        return await self.provider.generate(replace(request, prompt=prompt, picture=picture))

    async def bare(self, request: GenerationRequest) -> GenerationResult:
        """Ask this and nothing else."""
        return await self.provider.generate(request)


CASES = (
    Case("openai", openai, "openai"),
    Case("groq", groq, "groq"),
    Case("deepseek", deepseek, "deepseek"),
    Case("huggingface", huggingface, "huggingface"),
    Case("cloudflare", cloudflare, "cloudflare"),
    Case("openai-compatible", openai_compatible, "openai"),
    Case("gemini", gemini, "gemini"),
)
