"""What the server has to tell the bot: kept until a poll confirms it or the webhook took it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from botcore.testing.telegram_server.calls import Refused
from botcore.testing.telegram_server.shown import Json

_AGAIN = 0.05
"""Seconds until an update that was not taken is sent again; the real server waits longer and longer."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a name


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""


@dataclass(slots=True)
class Updates:
    """The queue. ``allowed`` are the kinds that the bot asked for, empty for all; ``attempts`` the answers of
    the webhook, status by status; ``changed`` is called after each."""

    changed: Callable[[], None]
    pending: list[Json] = field(default_factory=list)
    allowed: tuple[str, ...] = ()
    webhook: Webhook | None = None
    attempts: list[int] = field(default_factory=list)
    _next: int = 700_000_001
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def add(self, kind: str, body: Json) -> Json | None:
        """Queue an update; None when the bot does not want this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        update = {"update_id": self._next, kind: body}
        self._next += 1
        self.pending.append(update)
        self.wake()
        return update

    def wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def poll(self, offset: int | None, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109  # the API's word
        """``getUpdates``: confirms everything before ``offset``.

        :raises Refused: a webhook is set, or another poll came.
        """
        self._poll += 1
        mine = self._poll
        self.wake()
        if offset is not None:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
            self.changed()
        until = asyncio.get_running_loop().time() + timeout
        while True:
            if self.webhook is not None:
                raise Refused(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                    "delete the webhook first",
                )
            if mine != self._poll:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
                    "is running",
                )
            if self.pending or asyncio.get_running_loop().time() >= until:
                return self.pending[:limit]
            changed = self._changed
            try:
                async with asyncio.timeout_at(until):
                    await changed.wait()
            except TimeoutError:
                continue

    async def push(self) -> None:
        """Hand updates to the webhook, one after the other, each until it is taken; runs until cancelled."""
        async with aiohttp.ClientSession() as client:
            while True:
                changed = self._changed
                if self.webhook is None or not self.pending:
                    await changed.wait()
                    continue
                update = self.pending[0]
                if await self._taken(client, self.webhook, update):
                    self.pending = [other for other in self.pending if other is not update]
                else:
                    await asyncio.sleep(_AGAIN)

    async def _taken(self, client: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        headers: dict[str, Any] = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            async with client.post(webhook.url, json=update, headers=headers) as response:
                await response.read()
                self.attempts.append(response.status)
                return response.ok
        except aiohttp.ClientError:
            self.attempts.append(0)
            return False
        finally:
            self.changed()
