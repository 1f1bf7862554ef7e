"""Entry point ``gemini``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from botcore import PluginContext, Provider, ProviderDescriptor, Registry, hookimpl
from botcore.llm import ServiceSettings

if TYPE_CHECKING:
    from botcore_gemini.provider import GeminiProvider


class GeminiConfig(ServiceSettings):
    """``[plugins.gemini]``; keys are made at aistudio.google.com/apikey."""

    base_url: str = "https://generativelanguage.googleapis.com"
    """Address of the API."""
    api_version: Literal["v1", "v1beta"] = "v1beta"
    """Version of the API; v1 lacks what is new."""
    model: str = "gemini-3.8-flash"
    """The model, as Google names it."""
    pictures: bool = True
    """Whether the model reads pictures."""


def _configured(config: GeminiConfig) -> list[ProviderDescriptor]:
    return [config.described(GEMINI)]


@asynccontextmanager
async def open_gemini(config: GeminiConfig, _context: PluginContext) -> AsyncIterator[Provider]:
    """A client for one model. The SDK is imported now, beside the event loop: that takes seconds."""
    async with await asyncio.to_thread(_client, config) as provider:
        yield provider


def _client(config: GeminiConfig) -> GeminiProvider:
    from botcore_gemini.provider import GeminiProvider

    return GeminiProvider(config)


GEMINI = ProviderDescriptor(
    name="gemini",
    summary="models of Google Gemini",
    config=GeminiConfig,
    factory=open_gemini,
    family=_configured,
)


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``gemini``."""
    registry.add(GEMINI)
