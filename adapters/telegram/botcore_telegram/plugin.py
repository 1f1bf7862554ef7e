"""What the entry point names: the description of Telegram. aiogram is imported when the adapter is opened."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from enum import StrEnum
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
    from botcore_telegram.adapter import Telegram

PLATFORM = "telegram"
WEBHOOK_PATH = "/telegram/webhook"
PUBLIC_API = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # all that Telegram takes


class Mode(StrEnum):
    """How messages come in."""

    AUTO = "auto"
    WEBHOOK = "webhook"
    POLLING = "polling"


class TelegramConfig(PluginConfig):
    """``[plugins.telegram]``"""

    token: SecretStr = SecretStr("")
    """The bot's token, from @BotFather."""
    webhook_secret: SecretStr = SecretStr("")
    """What Telegram has to send with every update; empty: made from the token."""
    mode: Mode = Mode.AUTO
    """webhook (Telegram calls web.public_url), polling (works behind any router), or auto: webhook when
    web.public_url is https."""
    api_url: str = PUBLIC_API
    """Address of the Bot API, for a server of your own."""

    @field_validator("token")
    @classmethod
    def _token_of_telegram(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("a token looks like 123456789:AAE…; @BotFather shows yours")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _secret_for_a_header(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("1 to 256 letters, digits, “_” and “-”")
        return secret

    @field_validator("api_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", url):
            raise ValueError("an address such as http://127.0.0.1:8081")
        return url.rstrip("/")

    def missing(self) -> str:
        """Nothing works without the token."""
        return "" if self.token.get_secret_value() else "token"

    def header_secret(self) -> str:
        """What the header of a webhook has to hold."""
        given = self.webhook_secret.get_secret_value()
        token = self.token.get_secret_value().encode()
        # Every process that has the token has the secret, and nothing has to be kept.
        return given or hmac.new(token, b"webhook of botcore", hashlib.sha256).hexdigest()


CAPABILITIES = Capabilities(
    text_limit=4096,
    text_unit=TextUnit.UTF16,
    caption_limit=1024,
    media=(MediaLimit("*/*", 50_000_000),),
    edit_text=True,
    text_to_media=True,
    buttons=100,
    button_label_limit=64,
    button_data_limit=64,
    typing=True,
    preview_control=True,
    formatting=True,
)


@asynccontextmanager
async def open_telegram(config: TelegramConfig, context: PluginContext) -> AsyncIterator[Adapter]:
    """A bot that has a connection and has said nothing yet."""
    from botcore_telegram.adapter import opened

    async with opened(config, context.public_url) as adapter:
        yield adapter


def take_update(adapter: Adapter, request: web.Request, receive: Receive) -> Awaitable[web.Response]:
    """Answer Telegram's webhook."""
    return cast("Telegram", adapter).answer(request, receive)


@hookimpl
def botcore_register_adapters(registry: Registry[AdapterDescriptor]) -> None:
    """Add the platform ``telegram``."""
    registry.add(
        AdapterDescriptor(
            name=PLATFORM,
            summary="the chats of a Telegram bot",
            config=TelegramConfig,
            factory=open_telegram,
            capabilities=CAPABILITIES,
            routes=(Route(method="POST", path=WEBHOOK_PATH, handle=take_update),),
        )
    )
