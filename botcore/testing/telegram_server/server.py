"""The server: addresses, tokens, answers, and the faults that a test asks for."""

from __future__ import annotations

from aiohttp import web

from botcore.testing.loopback import Hold, LoopbackServer
from botcore.testing.telegram_server.calls import LARGEST_UPLOAD, Call, Refused, read_call
from botcore.testing.telegram_server.methods import Methods
from botcore.testing.telegram_server.people import PERSON, People
from botcore.testing.telegram_server.shown import Json, Shown
from botcore.testing.telegram_server.updates import Updates

TOKEN = "123456789:AAE-a_token_for_tests_and_nothing_else"  # noqa: S105  # opens nothing
USERNAME = "botcore_test_bot"


class TelegramServer(LoopbackServer):
    """A Bot API server for tests, on a free port of loopback::

        async with TelegramServer() as server:
            ...                                      # a bot that uses server.url and server.token
            server.people.say("solve 2x = 4")
            await server.until(lambda: server.videos())

    :param https_only: see :class:`Methods`.
    """

    def __init__(self, token: str = TOKEN, *, https_only: bool = False) -> None:
        super().__init__()
        self.token = token
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

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPLOAD + 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{folder}/{file_id}", self._download)
        return app

    async def _push(self) -> None:
        await self.updates.push()

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
        return self._hold(method.lower())

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
        await self._held(call.method.lower())
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")

    async def _download(self, request: web.Request) -> web.Response:
        content = self.methods.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or content is None:
            return _refusal(Refused(404, "Not Found"))
        return web.Response(body=content)


def _refusal(refused: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)
