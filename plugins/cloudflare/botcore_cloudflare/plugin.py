"""Entry point ``cloudflare``."""

from __future__ import annotations

from pydantic import Field

from botcore import ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible import ChatServiceSettings, chat_provider

_API = "https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1"


class CloudflareConfig(ChatServiceSettings):
    """``[plugins.cloudflare]``; keys are made at dash.cloudflare.com, with the permission Workers AI."""

    account: str = Field(default="", pattern=r"[0-9A-Za-z_-]*$")
    """The id of the account, from the dashboard's address."""
    base_url: str = ""
    """Address of the API, for a gateway of your own; empty: the account's at Cloudflare."""
    model: str = "@cf/openai/gpt-oss-120b"
    """The model, as Workers AI names it."""

    def address(self) -> str:
        """The gateway, or the account's own address."""
        return self.base_url or _API.format(account=self.account)

    def missing(self) -> str:
        """The key and the account belong together."""
        return super().missing() or ("" if self.account or self.base_url else "account")


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``cloudflare``."""
    registry.add(chat_provider("cloudflare", CloudflareConfig, "models of Cloudflare Workers AI"))
