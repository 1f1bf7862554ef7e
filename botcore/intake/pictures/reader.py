"""Has pictures read beside the intake, so that nobody else waits for it.

A picture's row is its checkpoint: a process that dies leaves it to the next one, and the question and the new
status of the row are one transaction.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Protocol

from botcore.errors import (
    BotcoreError,
    Handling,
    InputError,
    NoProblemInPicture,
    PicturesNotRead,
    ProviderRefused,
    UnsupportedPicture,
    error_text,
)
from botcore.generation import ProviderChain
from botcore.intake.pictures.asking import picture_buttons, picture_question
from botcore.intake.pictures.formats import MAX_BYTES, media_type_of
from botcore.intake.pictures.reading import problem_in, reading_request
from botcore.model import Attachment, Button, Outgoing, OutgoingKind
from botcore.ports import Adapter, Fetches
from botcore.state import NewOutgoing, Payload, Picture, State
from botcore.telemetry import get_logger, keep_on, log_context

SIDE_BY_SIDE = 4
LEASE = 150.0
"""Seconds; longer than fetching and reading may take together."""
FETCH_SECONDS = 30.0
TRIES = 3
RETRY_SECONDS = 3.0
LOOK_AGAIN = 15.0
"""Seconds after which the table is looked at though nobody rang: rows of a process that died."""
_SOON = 0.01
_TYPING_SECONDS = 5.0

log = get_logger(__name__)


class Adapters(Protocol):
    """What is needed of the plugin host."""

    async def adapter(self, name: str) -> Adapter: ...


class PictureReader:
    """:param longest: characters that a problem may have."""

    def __init__(
        self, state: State, chain: ProviderChain, adapters: Adapters, *, scope: str, longest: int
    ) -> None:
        self._state = state
        self._chain = chain
        self._adapters = adapters
        self._scope = scope
        self._longest = longest

    async def run(self) -> None:
        """Read pictures until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SIDE_BY_SIDE):
                group.create_task(keep_on(self._next, pause=RETRY_SECONDS, name="pictures"))

    async def handle(self, picture: Picture) -> None:
        """Read one claimed picture, and ask about it or say why not."""
        with log_context(picture=picture.id):
            if picture.tries > TRIES:
                log.error("picture_given_up", tries=picture.tries)
                await self._say(picture, PicturesNotRead())
                return
            try:
                problem = await self._read(picture)
            except BotcoreError as error:
                if error.handling is Handling.RETRY and picture.tries < TRIES:
                    pause = RETRY_SECONDS if error.retry_after is None else error.retry_after
                    await self._state.pictures.postpone(picture, pause)
                    return
                log.info("picture_not_read", code=error.code, detail=error.detail)
                await self._say(picture, error if isinstance(error, InputError) else PicturesNotRead())
            except Exception:
                log.exception("picture_failed", tries=picture.tries)
                await self._say(picture, PicturesNotRead())
            else:
                question = picture_question(picture.language, problem)
                buttons = picture_buttons(picture.language, picture.id)
                await self._state.pictures.asked(picture, problem, self._out(picture, question, buttons))

    async def _next(self) -> None:
        pictures = self._state.pictures
        heard = pictures.bell.rings
        picture = await pictures.claim(self._scope, lease=LEASE)
        if picture is not None:
            await self.handle(picture)
            return
        due = await pictures.next_due(self._scope)
        wait = LOOK_AGAIN if due is None else (due - self._state.db.clock()).total_seconds()
        await pictures.bell.wait(heard, timeout=min(LOOK_AGAIN, max(_SOON, wait)))

    async def _read(self, picture: Picture) -> str:
        """The problem in it.

        :raises InputError: the person can mend it.
        :raises DeliveryUnavailable: the platform does not hand it over now.
        :raises ProviderError: nobody could read it.
        """
        adapter = await self._adapters.adapter(picture.message.platform)
        await self._show_typing(adapter, picture)
        first = picture.message.attachments[0]
        data = await _bytes_of(first, adapter)
        attachment = replace(first, media_type=media_type_of(data), data=data)
        request = reading_request(attachment, picture.message.text, picture.language)
        try:
            generated = await self._chain.generate(
                request, session_id=await self._state.sessions.id_of(picture.sender) or ""
            )
        except ProviderRefused as error:
            raise NoProblemInPicture(error.detail) from None
        return problem_in(generated.result.source.code, self._longest)

    async def _show_typing(self, adapter: Adapter, picture: Picture) -> None:
        """The sign that an answer is being made, where there is one. It may fail without harm."""
        out = Outgoing(
            id=f"typing:{picture.id}",
            platform=picture.message.platform,
            chat_id=picture.message.chat_id,
            kind=OutgoingKind.TYPING,
            text="",
            reply_to=picture.message.message_id,
            language=picture.language,
        )
        try:
            async with asyncio.timeout(_TYPING_SECONDS):
                await adapter.send(out)
        except Exception as error:  # noqa: BLE001  # an adapter may raise anything, and nothing depends on it
            log.debug("typing_failed", error=type(error).__name__)

    async def _say(self, picture: Picture, error: BotcoreError) -> None:
        said = error_text(error, picture.language)
        await self._state.pictures.unread(picture, self._out(picture, said))

    def _out(self, picture: Picture, said: str, buttons: tuple[Button, ...] = ()) -> NewOutgoing:
        message = picture.message
        return NewOutgoing(
            dedupe=f"picture:{picture.id}",
            platform=message.platform,
            chat_id=message.chat_id,
            payload=Payload(
                kind=OutgoingKind.TEXT,
                text=said,
                buttons=buttons,
                reply_to=message.message_id,
                language=picture.language,
            ),
            scope=self._scope,
        )


async def _bytes_of(attachment: Attachment, adapter: Adapter) -> bytes:
    if attachment.data is not None:
        return attachment.data
    if not isinstance(adapter, Fetches):
        raise UnsupportedPicture("the platform has no files")
    async with asyncio.timeout(FETCH_SECONDS):
        return await adapter.fetch(attachment, MAX_BYTES + 1)
