"""WhatsApp both ways: webhooks in, messages out, files fetched."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pywa_async.client import WhatsApp as Client

from botcore import Artifact, Attachment, Outgoing, OutgoingKind, Receive, Sent, get_logger
from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    UnsupportedAttachment,
)
from botcore_whatsapp.addresses import Person
from botcore_whatsapp.bodies import Body, carries, media_body, sendable, template_body, text_bodies
from botcore_whatsapp.failures import (
    ParameterRejected,
    Throttled,
    as_delivery_errors,
    error_of_status,
    repeatable,
)
from botcore_whatsapp.invitations import Invitations
from botcore_whatsapp.plugin import WhatsAppConfig
from botcore_whatsapp.throttle import Throttle

_SECONDS = httpx.Timeout(60.0, connect=10.0)
"""Of each step of a call: connecting, and every pause in reading or writing."""
_UPLOADS = 64
_UPLOAD_LASTS = 24 * 3600.0
"""Seconds that an uploaded file is used again; Meta keeps it for 30 days."""
_INVITATION_TRIES = 5

log = get_logger(__name__)


class WhatsApp:
    """One phone number."""

    def __init__(self, client: Client, config: WhatsAppConfig, invitations: Invitations) -> None:
        self._api = client.api
        self._client = client
        self._invitations = invitations
        self._throttle = Throttle(time.monotonic)
        self._uploads: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._asides: set[asyncio.Task[None]] = set()
        self.config = config

    async def run(self, receive: Receive) -> None:  # noqa: ARG002  # its messages come by the mounted routes
        """Wait until cancelled: Meta calls the webhook."""
        await asyncio.Event().wait()

    async def send(self, out: Outgoing) -> Sent:
        """Send one message. Raises :class:`~botcore.errors.DeliveryError`."""
        person = Person.of(out.chat_id)
        if out.kind is OutgoingKind.TYPING:
            return await self._type(out)
        try:
            return await self._send(out, person, await self._bodies(out))
        except ConversationClosed:
            await self.invite(out.chat_id)
            raise

    async def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        """The bytes of a file that somebody sent.

        Raises :class:`~botcore.errors.DeliveryUnavailable` or
        :class:`~botcore.errors.UnsupportedAttachment`.
        """
        try:
            with repeatable():
                media = await self._api.get_media_url(media_id=attachment.reference)
                return await self._read(str(media["url"]), max_bytes)
        except DeliveryRejected as error:
            raise UnsupportedAttachment(error.detail) from error

    # ----------------------------------------------------------------------------------------- invitations

    def closed_later(self, chat: str) -> None:
        """A message was taken and then refused because the conversation is closed: invite, some time soon."""
        self._aside(self._invite_patiently(chat))

    async def invite(self, chat: str) -> None:
        """Send the template, where there is one, to who was not invited within a day.

        Raises :class:`~botcore.errors.DeliveryUnavailable` when it could not be sent now.
        """
        if not self.config.template or not await asyncio.to_thread(self._invitations.take, chat):
            return
        body = template_body(self.config.template, self.config.template_language)
        try:
            await self._call(chat, Person.of(chat), body)
        except DeliveryUncertain:
            return  # it may have been sent, and one is enough
        except DeliveryError as error:
            await asyncio.to_thread(self._invitations.give_back, chat)
            if isinstance(error, DeliveryUnavailable):
                raise
            # A traceback would say nothing more.
            log.error("whatsapp_template_refused", template=self.config.template, detail=error.detail)  # noqa: TRY400  # above
        else:
            log.info("whatsapp_invited", template=self.config.template)

    async def _invite_patiently(self, chat: str) -> None:
        for attempt in range(_INVITATION_TRIES):
            try:
                await self.invite(chat)
            except DeliveryUnavailable as error:
                log.warning("whatsapp_invitation_waits", detail=error.detail)
                await asyncio.sleep(error.retry_after if error.retry_after is not None else 4.0**attempt)
            else:
                return

    # --------------------------------------------------------------------------------------------- sending

    async def _bodies(self, out: Outgoing) -> list[Body]:
        """The messages for one outgoing; more than one only where a file cannot carry its buttons. The file
        is the last one: when the others have to be repeated, nobody gets it twice."""
        text = sendable(out.text)
        if out.media is not None:
            media_id = await self._uploaded(out.id, out.media)
            if carries(out.buttons, text):
                return [media_body(out.media, media_id, text, out.buttons)]
            return [*text_bodies(text, out.buttons, out.language), media_body(out.media, media_id, "", ())]
        if not text.strip():
            return []  # WhatsApp takes no message that shows nothing
        return text_bodies(text, out.buttons, out.language)

    async def _send(self, out: Outgoing, person: Person, bodies: list[Body]) -> Sent:
        message_ids: list[str] = []
        for number, body in enumerate(bodies, 1):
            self._throttle.check(out.chat_id)
            tracker = out.tracker if number == len(bodies) else ""
            message_ids.append(await self._reply(out, person, body, tracker))
        return Sent(tuple(message_ids))

    async def _reply(self, out: Outgoing, person: Person, body: Body, tracker: str) -> str:
        try:
            return await self._call(out.chat_id, person, body, reply_to=out.reply_to, tracker=tracker)
        except ParameterRejected:
            if out.reply_to is None:
                raise
            # What it replies to may be gone; said without a quote it is still worth saying.
            return await self._call(out.chat_id, person, body, tracker=tracker)

    async def _call(
        self, chat: str, person: Person, body: Body, *, reply_to: str | None = None, tracker: str = ""
    ) -> str:
        """One message; its id."""
        try:
            with as_delivery_errors():
                # Below pywa's send_message: that one takes a business-scoped id with letters for a group, and
                # fails after the message was taken when the answer names no contact.
                answer = await self._api.send_message(
                    sender=self.config.phone_number_id,
                    to=person.to,
                    recipient=person.recipient,
                    recipient_type="individual",
                    typ=body.type,
                    msg=body.content,
                    reply_to_message_id=reply_to,
                    biz_opaque_callback_data=tracker or None,
                )
                message_id = str(answer["messages"][0]["id"])
        except Throttled as error:
            raise self._throttle.struck(chat, error) from error
        self._throttle.passed(chat)
        return message_id

    async def _type(self, out: Outgoing) -> Sent:
        if out.reply_to:
            with repeatable():
                await self._client.indicate_typing(message_id=out.reply_to)
        return Sent(())

    async def _uploaded(self, row: str, media: Artifact) -> str:
        """The id of the uploaded file; the same one when a message is tried again."""
        known = self._uploads.get(row)
        if known is not None and time.monotonic() - known[1] < _UPLOAD_LASTS:
            return known[0]
        with repeatable():
            with media.path.open("rb") as file:
                answer = await self._api.upload_media(
                    phone_id=self.config.phone_number_id,
                    media=file,
                    mime_type=media.media_type,
                    filename=media.path.name,
                )
            media_id = str(answer["id"])
        self._uploads[row] = (media_id, time.monotonic())
        while len(self._uploads) > _UPLOADS:
            self._uploads.popitem(last=False)
        return media_id

    async def _read(self, url: str, max_bytes: int) -> bytes:
        data = bytearray()
        async with self._api.stream_media_bytes(media_url=url) as response:
            if response.is_error:
                raise error_of_status(response)
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) >= max_bytes:
                    break
        return bytes(data[:max_bytes])

    # --------------------------------------------------------------------------------------------- the rest

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def close(self) -> None:
        """End what still runs aside."""
        for task in self._asides:
            task.cancel()
        if self._asides:
            await asyncio.wait(self._asides)


@asynccontextmanager
async def opened(config: WhatsAppConfig, data_dir: Path) -> AsyncIterator[WhatsApp]:
    """The adapter with its connection, which is closed at the end."""
    for name in ("httpx", "httpcore", "pywa", "pywa_async"):
        # Their lines hold what people wrote, and addresses of files with their keys.
        logging.getLogger(name).setLevel(logging.ERROR)
    invitations = Invitations(data_dir / "invited")
    await asyncio.to_thread(invitations.open)
    async with httpx.AsyncClient(timeout=_SECONDS) as session:
        client = Client(
            phone_id=config.phone_number_id,
            token=config.token.get_secret_value(),
            session=session,
            server=None,
            api_version=config.api_version.removeprefix("v"),
        )
        session.base_url = f"{config.api_url}/{config.api_version}"  # pywa has overwritten it
        whatsapp = WhatsApp(client, config, invitations)
        try:
            yield whatsapp
        finally:
            await whatsapp.close()
