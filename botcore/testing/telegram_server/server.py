"""The server: addresses, tokens, answers, and the faults that a test asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from botcore.testing.telegram_server.calls import LARGEST_UPLOAD, Call, Refused, read_call
from botcore.testing.telegram_server.methods import Methods
from botcore.testing.telegram_server.people import PERSON, People
from botcore.testing.telegram_server.shown import Json, Shown
from botcore.testing.telegram_server.updates import Updates

TOKEN = "123456789:AAE-a_token_for_tests_and_nothing_else"  # noqa: S105  # opens nothing
USERNAME = "botcore_test_bot"


@dataclass(slots=True)
class Hold:
    """An answer that is kept back: the call was carried out, and nobody has been told."""

    method: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


class TelegramServer:
    """A Bot API server for tests, on a free port of loopback::

        async with TelegramServer() as server:
            ...                                      # a bot that uses server.url and server.token
            server.people.say("solve 2x = 4")
            await server.until(lambda: server.videos())

    :param https_only: see :class:`Methods`.
    """

    def __init__(self, token: str = TOKEN, *, https_only: bool = False) -> None:
        self.token = token
        self.url = ""
        self._looks: set[asyncio.Event] = set()
        self.calls: list[Call] = []
        """Every call that came, also those that were refused."""
        self.updates = Updates(self._changed)
        me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "botcore",
            "username": USERNAME,
        }
        self.methods = Methods(me, self.updates, https_only=https_only)
        self.people = People(self.methods, self.updates, self._changed)
        self.people.chat(PERSON)
        self._refusals: dict[str, list[Refused]] = {}
        self._holds: list[Hold] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_UPLOAD + 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{folder}/{file_id}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._pushing = asyncio.create_task(self.updates.push())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pushing.cancel()
        with suppress(asyncio.CancelledError):
            await self._pushing
        for hold in self._holds:
            hold.released.set()
        await self._runner.cleanup()

    # ------------------------------------------------------------------------------------------ looking

    def shown(self, chat: int = PERSON) -> list[Shown]:
        """What the bot says in a chat now, oldest first."""
        return [message for message in self.people.chat(chat).messages.values() if message.sender == 0]

    def texts(self, chat: int = PERSON) -> list[str]:
        """The bot's texts and captions in a chat."""
        return [message.text or message.caption for message in self.shown(chat)]

    def videos(self, chat: int = PERSON) -> list[bytes]:
        """The bytes of all that the bot uploaded into a chat and that is there."""
        return [message.media.content for message in self.shown(chat) if message.media is not None]

    def called(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def until(self, look: Callable[[], Any], *, seconds: float = 60.0) -> None:
        """Wait until ``look`` gives something true; it is asked after every call and every message."""
        changed = asyncio.Event()
        self._looks.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not look():
                    await changed.wait()
                    changed.clear()
        finally:
            self._looks.discard(changed)

    # ------------------------------------------------------------------------------------------- faults

    def refuse(
        self, method: str, status: int, description: str, *, times: int = 1, **parameters: int
    ) -> None:
        """Answer the next calls of ``method`` with an error and do nothing."""
        refusals = self._refusals.setdefault(method.lower(), [])
        refusals += [Refused(status, description, **parameters)] * times

    def flood(self, method: str, retry_after: int, *, times: int = 1) -> None:
        """Too many requests: come again in so many seconds."""
        self.refuse(
            method,
            429,
            f"Too Many Requests: retry after {retry_after}",
            times=times,
            retry_after=retry_after,
        )

    def hold(self, method: str) -> Hold:
        """Carry out the next call of ``method``, and answer only when it is released."""
        hold = Hold(method.lower())
        self._holds.append(hold)
        return hold

    # -------------------------------------------------------------------------------------------- answers

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            call = await read_call(request.match_info["method"], request)
            self.calls.append(call)
            self._changed()  # the answer to a poll may be long in coming
            refusals = self._refusals.get(call.method.lower())
            if refusals:
                raise refusals.pop(0)
            result = await self.methods.act(call)
        except Refused as refused:
            return _refusal(refused)
        finally:
            self._changed()
        await self._held(call)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")

    async def _held(self, call: Call) -> None:
        for hold in self._holds:
            if hold.method == call.method.lower() and not hold.reached.is_set():
                hold.reached.set()
                await hold.released.wait()

    async def _download(self, request: web.Request) -> web.Response:
        content = self.methods.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or content is None:
            return _refusal(Refused(404, "Not Found"))
        return web.Response(body=content)

    def _changed(self) -> None:
        for look in self._looks:
            look.set()


def _refusal(refused: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)
