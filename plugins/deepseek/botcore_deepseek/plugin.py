"""Entry point ``deepseek``."""

from __future__ import annotations

from botcore import ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible import ChatServiceSettings, chat_provider


class DeepSeekConfig(ChatServiceSettings):
    """``[plugins.deepseek]``; keys are made at platform.deepseek.com/api_keys."""

    base_url: str = "https://api.deepseek.com"
    """Address of the API."""
    model: str = "deepseek-flash"
    """The model, as DeepSeek names it."""
    pictures: bool = True
    """Whether the model reads pictures."""


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``deepseek``."""
    registry.add(chat_provider("deepseek", DeepSeekConfig, "models of DeepSeek"))
