"""What the entry point names: the description of WhatsApp. pywa is imported when the adapter is opened."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from pydantic import SecretStr, field_validator

from botcore import (
    AdapterDescriptor,
    Capabilities,
    MediaLimit,
    PluginConfig,
    PluginContext,
    Registry,
    Route,
    TextUnit,
    hookimpl,
)

if TYPE_CHECKING:
    from aiohttp import web

    from botcore import Adapter, Receive
    from botcore_whatsapp.adapter import WhatsApp

PLATFORM = "whatsapp"
WEBHOOK_PATH = "/webhook/whatsapp"
PUBLIC_API = "https://graph.facebook.com"
LARGEST_WEBHOOK = 4 * 1024 * 1024
"""Bytes; Meta sends up to three megabytes at once."""

_NEEDED = ("phone_number_id", "token", "app_secret", "verify_token")


class WhatsAppConfig(PluginConfig):
    """``[plugins.whatsapp]``"""

    phone_number_id: str = ""
    """The phone number's id at Meta (WhatsApp, API setup); not the number itself."""
    token: SecretStr = SecretStr("")
    """Permanent access token of a system user with whatsapp_business_messaging."""
    app_secret: SecretStr = SecretStr("")
    """The app's secret (App settings, Basic): Meta signs its webhooks with it."""
    verify_token: SecretStr = SecretStr("")
    """A word of your choice that is entered beside the webhook's address at Meta."""
    template: str = ""
    """Name of an approved template without variables that invites a person to write again, sent when 24 hours
    have passed since the person wrote; empty: the video waits without a word."""
    template_language: str = "en"
    """Language of that template as Meta writes it (en, en_US, pt_BR)."""
    api_url: str = PUBLIC_API
    """Address of the Graph API."""
    api_version: str = "v24.0"
    """Version of the Graph API."""

    @field_validator("phone_number_id")
    @classmethod
    def _an_id(cls, number: str) -> str:
        if number and not re.fullmatch(r"[0-9]{1,32}", number):
            raise ValueError("digits only, as Meta shows it under “Phone number ID”")
        return number

    @field_validator("token", "app_secret", "verify_token")
    @classmethod
    def _fits_a_header(cls, secret: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]*", secret.get_secret_value()):
            raise ValueError("letters, digits and signs of ASCII without spaces")
        return secret

    @field_validator("template")
    @classmethod
    def _a_template(cls, name: str) -> str:
        if name and not re.fullmatch(r"[a-z0-9_]{1,512}", name):
            raise ValueError("small letters, digits and “_”, as Meta lists it")
        return name

    @field_validator("template_language")
    @classmethod
    def _a_language(cls, language: str) -> str:
        if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2,3})?", language):
            raise ValueError("a language such as en or pt_BR")
        return language

    @field_validator("api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", url):
            raise ValueError("an address such as https://graph.facebook.com")
        return url.rstrip("/")

    @field_validator("api_version")
    @classmethod
    def _a_version(cls, version: str) -> str:
        if not re.fullmatch(r"v\d{1,3}\.\d", version):
            raise ValueError("a version such as v24.0")
        return version

    def missing(self) -> str:
        """The first of the four settings without which nothing works."""
        for name in _NEEDED:
            value = getattr(self, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                return name
        return ""


CAPABILITIES = Capabilities(
    text_limit=4096,
    text_unit=TextUnit.UTF16,
    caption_limit=1024,
    media=(
        MediaLimit("video/mp4", 16_000_000),
        MediaLimit("image/jpeg", 5_000_000),
        MediaLimit("image/png", 5_000_000),
        MediaLimit("application/pdf", 100_000_000),
        MediaLimit("text/plain", 100_000_000),
    ),
    buttons=10,
    button_label_limit=20,
    button_data_limit=200,
    typing=True,
    receipts=True,
    preview_control=True,
    formatting=True,
)


@asynccontextmanager
async def open_whatsapp(config: WhatsAppConfig, context: PluginContext) -> AsyncIterator[Adapter]:
    """A number that has a connection and has said nothing yet."""
    from botcore_whatsapp.adapter import opened

    async with opened(config, context.data_dir) as adapter:
        yield adapter


async def take_webhook(adapter: Adapter, request: web.Request, receive: Receive) -> web.Response:
    """Answer a webhook of Meta."""
    from botcore_whatsapp.webhook import answer

    return await answer(cast("WhatsApp", adapter), request, receive)


async def take_challenge(adapter: Adapter, request: web.Request, _receive: Receive) -> web.Response:
    """Answer Meta's question whether this address is ours."""
    from botcore_whatsapp.webhook import challenge

    return challenge(cast("WhatsApp", adapter), request)


@hookimpl
def botcore_register_adapters(registry: Registry[AdapterDescriptor]) -> None:
    """Add the platform ``whatsapp``."""
    registry.add(
        AdapterDescriptor(
            name=PLATFORM,
            title="WhatsApp",
            summary="the chats of a WhatsApp business number",
            config=WhatsAppConfig,
            factory=open_whatsapp,
            capabilities=CAPABILITIES,
            routes=(
                Route(method="GET", path=WEBHOOK_PATH, handle=take_challenge),
                Route(method="POST", path=WEBHOOK_PATH, handle=take_webhook, max_body=LARGEST_WEBHOOK),
            ),
        )
    )
