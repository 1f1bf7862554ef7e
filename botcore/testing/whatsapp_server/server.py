"""The server: a phone number on the Graph API, with faults that a test orders."""

from __future__ import annotations

import json
from collections.abc import Callable

from aiohttp import BodyPartReader, web

from botcore.testing.loopback import Hold, LoopbackServer
from botcore.testing.whatsapp_server import checks
from botcore.testing.whatsapp_server.messages import Messages
from botcore.testing.whatsapp_server.people import PERSON, People
from botcore.testing.whatsapp_server.refusals import Broken, Refused, bad
from botcore.testing.whatsapp_server.shown import Json, Media, Shown
from botcore.testing.whatsapp_server.webhooks import Webhooks

TOKEN = "EAAG-a_token_for_tests_and_nothing_else"  # noqa: S105  # opens nothing
APP_SECRET = "5up3r53cr3t-of_a_test"  # noqa: S105  # signs nothing of value
VERIFY_TOKEN = "chosen-word_of_a_test"  # noqa: S105  # opens nothing
PHONE_NUMBER_ID = "106540352242922"
MESSAGES, UPLOAD, TYPING, MEDIA, DOWNLOAD = "messages", "upload", "typing", "media", "download"
"""The kinds of calls; faults are ordered by them."""
_OVERHEAD = 2**20


class WhatsAppServer(LoopbackServer):
    """A Graph API server for tests, on a free port of loopback::

    async with WhatsAppServer() as server:
        ...                             # a bot that uses server.url, server.token and server.number_id
        await server.webhooks.subscribe(address, VERIFY_TOKEN)
        server.people.say("solve 2x = 4")
        await server.until(lambda: server.videos())
    """

    def __init__(
        self, token: str = TOKEN, *, number_id: str = PHONE_NUMBER_ID, app_secret: str = APP_SECRET
    ) -> None:
        super().__init__()
        self.token = token
        self.number_id = number_id
        self.app_secret = app_secret
        self.calls: list[tuple[str, Json]] = []
        """Every call that came with its fields, also those that were refused; the kind first."""
        self.webhooks = Webhooks(app_secret, "102290129340398", self._changed)
        self.messages = Messages(number_id, self.webhooks)
        self.people = People(self.messages)
        self.people.chat(PERSON).last_wrote = self.messages.now()
        self._faults: dict[str, list[Refused | Broken]] = {}
        self._lost: dict[str, int] = {}

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=checks.LARGEST["document"] + _OVERHEAD)
        app.router.add_post("/{version}/{number}/messages", self._answer_messages)
        app.router.add_post("/{version}/{number}/media", self._answer_upload)
        app.router.add_get("/files/{media_id}", self._download)
        app.router.add_get("/{version}/{media_id}", self._answer_media)
        return app

    async def _push(self) -> None:
        await self.webhooks.push()

    # ---------------------------------------------------------------------------------------------- looking

    def shown(self, chat: str = PERSON) -> list[Shown]:
        """What the bot says in a chat, oldest first."""
        return [message for message in self.people.chat(chat).messages.values() if message.ours]

    def texts(self, chat: str = PERSON) -> list[str]:
        """The bot's texts and captions in a chat."""
        return [message.text for message in self.shown(chat)]

    def videos(self, chat: str = PERSON) -> list[bytes]:
        """The bytes of every file that the bot sent into a chat."""
        return [message.media.content for message in self.shown(chat) if message.media is not None]

    def called(self, kind: str) -> list[Json]:
        """The fields of the calls of one kind."""
        return [fields for name, fields in self.calls if name == kind]

    # ----------------------------------------------------------------------------------------------- faults

    def refuse(
        self, code: int, *, kind: str = MESSAGES, status: int = 400, times: int = 1, retry_after: int = 0
    ) -> None:
        """Answer the next calls of a kind with an error of this code, and do nothing."""
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        refused = Refused(status, code, "Refused", "as the test ordered", headers=headers)
        self._faults.setdefault(kind, []).extend([refused] * times)

    def break_down(self, status: int = 502, *, kind: str = MESSAGES, times: int = 1) -> None:
        """Answer the next calls of a kind with the error page of a gateway, and do nothing."""
        page = Broken(status, "<html><body>Sorry, something went wrong.</body></html>")
        self._faults.setdefault(kind, []).extend([page] * times)

    def lose_answer(self, *, kind: str = MESSAGES, times: int = 1) -> None:
        """Carry out the next calls of a kind, and close the connection without an answer."""
        self._lost[kind] = self._lost.get(kind, 0) + times

    def hold(self, kind: str = MESSAGES) -> Hold:
        """Carry out the next call of a kind, and answer only when it is released."""
        return self._hold(kind)

    # ---------------------------------------------------------------------------------------------- answers

    async def _answer_messages(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.read())
            if not isinstance(body, dict):
                raise bad("The body is not a JSON object.")
        except ValueError:
            return bad("The body is not JSON.").answer()
        except Refused as refused:
            return refused.answer()
        kind = TYPING if body.get("status") == "read" else MESSAGES
        return await self._answered(request, kind, body, lambda: self.messages.post(body))

    async def _answer_upload(self, request: web.Request) -> web.StreamResponse:
        fields, file = await _form(request)

        def act() -> Json:
            return {"id": self.messages.keep(checks.upload(fields, file))}

        return await self._answered(request, UPLOAD, fields, act)

    async def _answer_media(self, request: web.Request) -> web.StreamResponse:
        media_id = request.match_info["media_id"]

        def act() -> Json:
            return self.messages.describe(media_id, lambda name: f"{self.url}/files/{name}")

        return await self._answered(request, MEDIA, {"id": media_id}, act)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        media = self.messages.files.get(request.match_info["media_id"])
        if media is None:
            return web.Response(status=404)
        answer = await self._answered(request, DOWNLOAD, {}, dict)
        return (
            web.Response(body=media.content, content_type=media.media_type)
            if answer.status == 200
            else answer
        )

    async def _answered(
        self, request: web.Request, kind: str, fields: Json, act: Callable[[], Json]
    ) -> web.StreamResponse:
        self.calls.append((kind, fields))
        try:
            self._check(request)
            if faults := self._faults.get(kind):
                raise faults.pop(0)
            result = act()
        except (Refused, Broken) as no:
            return no.answer()
        finally:
            self._changed()
        await self._held(kind)
        if self._lost.get(kind):
            self._lost[kind] -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(result)

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(401, 190, "Invalid OAuth access token - Cannot parse access token")
        number = request.match_info.get("number", self.number_id)
        if number != self.number_id:
            raise Refused(400, 100, "Unsupported post request", f"Object with ID '{number}' does not exist.")


async def _form(request: web.Request) -> tuple[Json, Media | None]:
    """The fields of a form and its file."""
    fields: Json = {}
    file = None
    if request.content_type != "multipart/form-data":
        return fields, file
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytearray()
        while chunk := await part.read_chunk(256 * 1024):
            content += chunk
        if part.filename is None:
            fields[part.name or ""] = content.decode(errors="replace")
        else:
            file = Media(bytes(content), part.headers.get("Content-Type", ""), part.filename)
    return fields, file
