"""Entry point ``huggingface``."""

from __future__ import annotations

from botcore import ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible import ChatServiceSettings, chat_provider


class HuggingFaceConfig(ChatServiceSettings):
    """``[plugins.huggingface]``; keys are made at huggingface.co/settings/tokens."""

    base_url: str = "https://router.huggingface.co/v1"
    """Address of the API."""
    model: str = "openai/gpt-oss-120b"
    """The model, as Hugging Face names it."""


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``huggingface``."""
    registry.add(chat_provider("huggingface", HuggingFaceConfig, "models of Hugging Face"))
