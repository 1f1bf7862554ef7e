"""How a service becomes a provider: its settings, and a descriptor made of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from botcore import PluginContext, Provider, ProviderDescriptor
from botcore.llm import ModelSettings, ServiceSettings

if TYPE_CHECKING:
    from botcore_openai_compatible.provider import ChatProvider


class ChatSettings(ModelSettings):
    """A model on a server that speaks OpenAI's chat completions."""

    limit_field: ClassVar[str] = "max_tokens"
    """What the server calls the most tokens of an answer."""

    extra: dict[str, Any] = Field(default_factory=dict)
    """Further fields of each request, as the server names them, such as reasoning_effort."""


class ChatServiceSettings(ChatSettings, ServiceSettings):
    """The same at a service that serves nobody without a key."""


def chat_provider(name: str, settings: type[ChatSettings], summary: str) -> ProviderDescriptor:
    """The provider of a service. What it is like comes from its settings."""

    def configured(config: ChatSettings) -> list[ProviderDescriptor]:
        return [config.described(described)]

    described = ProviderDescriptor(
        name=name, summary=summary, config=settings, factory=open_chat, family=configured
    )
    return described


@asynccontextmanager
async def open_chat(settings: ChatSettings, _context: PluginContext) -> AsyncIterator[Provider]:
    """A client for one model. The SDK is imported now, beside the event loop: that takes seconds."""
    async with await asyncio.to_thread(_client, settings) as provider:
        yield provider


def _client(settings: ChatSettings) -> ChatProvider:
    from botcore_openai_compatible.provider import ChatProvider

    return ChatProvider(settings)
