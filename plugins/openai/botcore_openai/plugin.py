"""Entry point ``openai``."""

from __future__ import annotations

from botcore import ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible import ChatServiceSettings, chat_provider


class OpenAIConfig(ChatServiceSettings):
    """``[plugins.openai]``; keys are made at platform.openai.com/api-keys."""

    limit_field = "max_completion_tokens"

    base_url: str = "https://api.openai.com/v1"
    """Address of the API."""
    model: str = "gpt-5.4-mini"
    """The model, as OpenAI names it."""
    pictures: bool = True
    """Whether the model reads pictures."""


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``openai``."""
    registry.add(chat_provider("openai", OpenAIConfig, "models of OpenAI"))
