"""The door for pictures, and the question whether one was read right."""

from __future__ import annotations

from collections.abc import Mapping

from botcore.errors import PictureTooLarge, UnsupportedPicture
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.intake.access import Allowances
from botcore.intake.commands.conversation import Answer, Conversation
from botcore.intake.pictures.formats import MAX_BYTES
from botcore.languages import text
from botcore.model import Button, Message
from botcore.state import PictureRepository, inbox_key


class PictureDoor:
    """Takes pictures in, where somebody is installed who can read them.

    :param allowances: as many pictures as problems may come in a minute.
    """

    def __init__(
        self,
        pictures: PictureRepository,
        allowances: Allowances,
        *,
        providers: Mapping[str, ProviderDescriptor],
        scope: str,
    ) -> None:
        self._pictures = pictures
        self._allowances = allowances
        self._providers = providers
        self._scope = scope

    @property
    def open(self) -> bool:
        """Whether anybody could read a picture."""
        return any(provider.pictures for provider in self._providers.values())

    async def take(self, talk: Conversation) -> Answer | None:
        """Have the message's picture read; the question whether it was read right is the answer. Of pictures
        that were sent together the first is taken.

        :raises UnsupportedPicture: nobody can read it.
        :raises PictureTooLarge: nobody would take it.
        :raises RateLimited: the person sent too many.
        """
        message = talk.message
        first = message.attachments[0]
        if not self.open:
            raise UnsupportedPicture
        if first.size is not None and first.size > MAX_BYTES:
            raise PictureTooLarge(limit_mb=MAX_BYTES // 1_000_000)
        limits = await self._allowances.of(talk.session.id)
        album = album_key(message)
        taken = await self._pictures.add(
            message,
            key=album or talk.key,
            language=talk.language,
            scope=self._scope,
            per_minute=limits.per_minute,
        )
        if taken is not None:
            return None
        said = text(talk.language, "I read one picture at a time: the first one now. Send the others later.")
        return Answer(said, once=f"more:{album}"[:255])


def album_key(message: Message) -> str:
    """What all pictures of an album have in common; empty for a picture alone."""
    if not message.group:
        return ""
    return inbox_key("album", f"{message.platform}:{message.chat_id}:{message.group}")


def picture_question(language: str, problem: str) -> str:
    """What the person is asked. The problem stands on a line of its own, as it would be submitted."""
    return text(
        language,
        "Is this your problem?\n\n{problem}\n\nIf something in it is wrong, send it as it should be.",
        problem=problem,
    )


def picture_buttons(language: str, picture_id: str) -> tuple[Button, ...]:
    """The answers to it."""
    return (
        Button(text(language, "Yes, make the video"), f"/picture yes {picture_id}"),
        Button(text(language, "No"), f"/picture no {picture_id}"),
    )
