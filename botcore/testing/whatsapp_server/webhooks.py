"""What the server has to tell the bot: signed, in batches, again until it is taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from botcore.testing.whatsapp_server.shown import Json

SIGNATURE_HEADER = "X-Hub-Signature-256"
_AGAIN = 0.05
"""Seconds until a webhook that was not taken is sent again; the real server waits longer and longer."""


def signature(secret: str, body: bytes) -> str:
    """What the header holds for ``body``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Webhooks:
    """The queue of ``value`` objects.

    :param changed: called after each attempt.
    """

    secret: str
    account_id: str
    changed: Callable[[], None]
    url: str = ""
    batch: int = 1
    """How many values go into one webhook."""
    copies: int = 1
    """How often each webhook is sent, though it was taken."""
    shuffled: random.Random | None = None
    """The order in which what waits is sent; None: as it happened."""
    paused: bool = False
    attempts: list[int] = field(default_factory=list)
    """Status by status; 0 for no answer."""
    pending: list[Json] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, value: Json) -> None:
        """Queue the ``value`` of a change."""
        self.pending.append(value)
        self.wake()

    def wake(self) -> None:
        """Look again, after a setting was changed."""
        self._news.set()
        self._news = asyncio.Event()

    def payload(self, values: list[Json]) -> bytes:
        """The body of a webhook; what is alike stands in one change, as Meta batches it."""
        merged: list[Json] = []
        for value in values:
            kind = "messages" if "messages" in value else "statuses"
            last = merged[-1] if merged else None
            if last is not None and kind in last:
                last[kind] = last[kind] + value[kind]
                if kind == "messages":
                    last["contacts"] = last["contacts"] + value["contacts"]
            else:
                merged.append(dict(value))
        changes = [{"field": "messages", "value": value} for value in merged]
        entry = {"id": self.account_id, "changes": changes}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    async def subscribe(self, url: str, verify_token: str) -> int:
        """Ask the address whether it wants the webhooks; its status. They begin when it repeats the
        challenge."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "1158201444"}
        async with aiohttp.ClientSession() as client, client.get(url, params=asked) as response:
            if response.ok and await response.text() == asked["hub.challenge"]:
                self.url = url
                self.wake()
            return response.status

    async def push(self) -> None:
        """Hand over what waits, one webhook after the other, each until it is taken; runs until cancelled."""
        async with aiohttp.ClientSession() as client:
            while True:
                news = self._news
                if self.paused or not self.url or not self.pending:
                    await news.wait()
                    continue
                waiting = list(self.pending)
                if self.shuffled is not None:
                    self.shuffled.shuffle(waiting)
                values = waiting[: self.batch]
                if await self._taken(client, self.payload(values)):
                    self.pending = [each for each in self.pending if not any(each is one for one in values)]
                    self.changed()
                else:
                    await asyncio.sleep(_AGAIN)

    async def _taken(self, client: aiohttp.ClientSession, body: bytes) -> bool:
        headers = {SIGNATURE_HEADER: signature(self.secret, body), "Content-Type": "application/json"}
        taken = True
        for _ in range(self.copies):
            try:
                async with client.post(self.url, data=body, headers=headers) as response:
                    await response.read()
                    self.attempts.append(response.status)
                    taken = taken and response.ok
            except aiohttp.ClientError:
                self.attempts.append(0)
                taken = False
        self.changed()
        return taken
