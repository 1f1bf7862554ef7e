"""Telegram both ways: updates in by webhook or polling, messages out, files fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    GetFile,
    GetMe,
    SendChatAction,
    SetWebhook,
    TelegramMethod,
)
from aiohttp import ClientError, web

from botcore import Attachment, Outgoing, OutgoingKind, Receive, Sent, Status, get_logger
from botcore.errors import (
    ConfigError,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    UnsupportedAttachment,
)
from botcore_telegram import updates, webhook
from botcore_telegram.addresses import Chat
from botcore_telegram.failures import as_delivery_errors, patiently
from botcore_telegram.menu import show_menu
from botcore_telegram.plugin import PUBLIC_API, WEBHOOK_PATH, Mode, TelegramConfig
from botcore_telegram.polling import poll
from botcore_telegram.sending import SECONDS, Sender

_ACTION_LASTS = 4.0
"""Seconds after which an action is sent again; Telegram shows one for five."""
_ACTIONS = {
    Status.AI_GENERATING: "typing",
    Status.CODE_VALIDATING: "typing",
    Status.RENDERING: "record_video",
}
_CHUNK = 64 * 1024

log = get_logger(__name__)
T = TypeVar("T")


class Telegram:
    """One bot. ``secret`` is what the webhook's header has to hold, ``bot`` who it is."""

    def __init__(self, api: Bot, config: TelegramConfig, webhook: str | None) -> None:
        self._api = api
        self._webhook = webhook
        self._sender = Sender(api)
        self._asides: set[asyncio.Task[None]] = set()
        self.secret = config.header_secret()
        self.bot = updates.Bot(api.id)

    async def run(self, receive: Receive) -> None:
        """Say who it is, tell Telegram how to hand over messages, and receive until cancelled."""
        me = await patiently(lambda: self.call(GetMe()))
        self.bot = updates.Bot(me.id, me.username or "")
        await self._show_menu()
        if self._webhook is None:
            await patiently(lambda: self.call(DeleteWebhook()))  # a bot with a webhook cannot poll
            log.info("telegram_polls", bot=self.bot.username)
            await poll(self, receive)
            return
        await patiently(
            lambda: self.call(
                SetWebhook(
                    url=self._webhook or "",
                    secret_token=self.secret,
                    allowed_updates=list(updates.ALLOWED),
                )
            )
        )
        log.info("telegram_webhook_set", bot=self.bot.username, url=self._webhook)
        await asyncio.Event().wait()

    def answer(self, request: web.Request, receive: Receive) -> Awaitable[web.Response]:
        """Answer a call of the webhook."""
        return webhook.answer(self, request, receive)

    async def send(self, out: Outgoing) -> Sent:
        """Send or edit one message. Raises :class:`~botcore.errors.DeliveryError`."""
        with as_delivery_errors():
            if out.media is not None:
                async with self._acting(out.chat_id, "upload_video"):
                    return await self._sender.send(out)
            sent = await self._sender.send(out)
        if out.kind is OutgoingKind.STATUS and out.status in _ACTIONS:
            self._aside(self._act(out.chat_id, _ACTIONS[out.status]))
        return sent

    async def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        """The bytes of a file that somebody sent.

        Raises :class:`~botcore.errors.DeliveryUnavailable` or
        :class:`~botcore.errors.UnsupportedAttachment`.
        """
        try:
            with as_delivery_errors():
                file = await self.call(GetFile(file_id=attachment.reference))
            return await self._read(file.file_path or "", max_bytes)
        except DeliveryRejected as error:
            raise UnsupportedAttachment(error.detail) from error
        except (ClientError, TimeoutError) as error:
            raise DeliveryUnavailable(f"getFile: {type(error).__name__}") from error

    async def call(self, method: TelegramMethod[T], *, seconds: float = SECONDS) -> T:
        """One call of the Bot API. Raises aiogram's errors."""
        return await self._api(method, request_timeout=round(seconds))

    def acknowledge(self, callback: str) -> None:
        """Stop the spinner of a pressed button, some time soon."""
        self._aside(self._quietly(AnswerCallbackQuery(callback_query_id=callback)))

    async def close(self) -> None:
        """End what still runs aside."""
        for task in self._asides:
            task.cancel()
        if self._asides:
            await asyncio.wait(self._asides)

    async def _show_menu(self) -> None:
        try:
            with as_delivery_errors():
                await show_menu(self._api)
        except DeliveryError as error:  # people can type commands without a menu
            log.warning("telegram_menu_not_set", detail=error.detail)

    async def _read(self, path: str, max_bytes: int) -> bytes:
        url = self._api.session.api.file_url(self._api.token, path)
        data = bytearray()
        async for chunk in self._api.session.stream_content(url, timeout=round(SECONDS), chunk_size=_CHUNK):
            data += chunk
            if len(data) >= max_bytes:
                break
        return bytes(data[:max_bytes])

    # --------------------------------------------------------------------- what may fail without harm

    def _aside(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _quietly(self, method: TelegramMethod[Any]) -> None:
        with suppress(AiogramError):
            await self.call(method)

    async def _act(self, address: str, action: str) -> None:
        chat = Chat.of(address)
        await self._quietly(SendChatAction(chat_id=chat.id, message_thread_id=chat.topic, action=action))

    @asynccontextmanager
    async def _acting(self, address: str, action: str) -> AsyncIterator[None]:
        """Show the person what is going on while the body runs."""

        async def repeat() -> None:
            while True:
                await self._act(address, action)
                await asyncio.sleep(_ACTION_LASTS)

        showing = asyncio.create_task(repeat())
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.wait({showing})


def webhook_address(config: TelegramConfig, public_url: str) -> str | None:
    """Where Telegram shall send updates; None to ask for them.

    :raises ConfigError: a webhook is wanted and nobody can reach this server.
    """
    secure = public_url.startswith("https://") or config.api_url != PUBLIC_API
    if config.mode is Mode.POLLING or (config.mode is Mode.AUTO and not public_url.startswith("https://")):
        return None
    if not public_url or not secure:
        raise ConfigError(
            "plugins.telegram.mode is webhook: set web.public_url to the https address of this server, "
            "or choose polling"
        )
    return public_url.rstrip("/") + WEBHOOK_PATH


@asynccontextmanager
async def opened(config: TelegramConfig, public_url: str) -> AsyncIterator[Telegram]:
    """The adapter with its connection, which is closed at the end."""
    webhook = webhook_address(config, public_url)
    session = AiohttpSession(api=TelegramAPIServer.from_base(config.api_url))
    telegram = Telegram(Bot(config.token.get_secret_value(), session=session), config, webhook)
    try:
        yield telegram
    finally:
        await telegram.close()
        await session.close()
