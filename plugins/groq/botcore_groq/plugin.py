"""Entry point ``groq``."""

from __future__ import annotations

from botcore import ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible import ChatServiceSettings, chat_provider


class GroqConfig(ChatServiceSettings):
    """``[plugins.groq]``; keys are made at console.groq.com/keys."""

    limit_field = "max_completion_tokens"

    base_url: str = "https://api.groq.com/openai/v1"
    """Address of the API."""
    model: str = "openai/gpt-oss-120b"
    """The model, as Groq names it."""


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``groq``."""
    registry.add(chat_provider("groq", GroqConfig, "models of Groq"))
