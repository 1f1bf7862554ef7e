"""A rendered file as the Bot API takes it: as a video, an animation, a photo or a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiogram.methods import SendAnimation, SendDocument, SendPhoto, SendVideo
from aiogram.types import (
    FSInputFile,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)

from botcore import Artifact

LARGEST_PHOTO = 10_000_000
LARGEST_THUMBNAIL = 200_000
"""Bytes."""
_JPEG = b"\xff\xd8\xff"

InputMedia = InputMediaVideo | InputMediaAnimation | InputMediaPhoto | InputMediaDocument
Send = SendVideo | SendAnimation | SendPhoto | SendDocument


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent with ``caption``."""

    artifact: Artifact
    caption: str | None

    @property
    def _is_photo(self) -> bool:
        photo = self.artifact.media_type in {"image/png", "image/jpeg"}
        return photo and self.artifact.size <= LARGEST_PHOTO

    def replacing(self) -> InputMedia:
        """For ``editMessageMedia``."""
        file, media = FSInputFile(self.artifact.path), self.artifact
        seconds, thumbnail = round(media.duration), self._thumbnail()
        if media.media_type == "video/mp4":
            return InputMediaVideo(
                media=file,
                caption=self.caption,
                thumbnail=thumbnail,
                width=media.width,
                height=media.height,
                duration=seconds,
                supports_streaming=True,
            )
        if media.media_type == "image/gif":
            return InputMediaAnimation(
                media=file,
                caption=self.caption,
                thumbnail=thumbnail,
                width=media.width,
                height=media.height,
                duration=seconds,
            )
        if self._is_photo:
            return InputMediaPhoto(media=file, caption=self.caption)
        return InputMediaDocument(media=file, caption=self.caption, thumbnail=thumbnail)

    def anew(self, **where: object) -> Send:
        """For a message of its own; ``where`` is the chat, the buttons and what it replies to."""
        media = self.replacing()
        fields: dict[str, Any] = media.model_dump(exclude={"media", "thumbnail"}, exclude_unset=True) | where
        match media:
            case InputMediaVideo():
                return SendVideo(video=media.media, thumbnail=media.thumbnail, **fields)
            case InputMediaAnimation():
                return SendAnimation(animation=media.media, thumbnail=media.thumbnail, **fields)
            case InputMediaPhoto():
                return SendPhoto(photo=media.media, **fields)
            case InputMediaDocument():
                return SendDocument(document=media.media, thumbnail=media.thumbnail, **fields)

    def _thumbnail(self) -> FSInputFile | None:
        path = self.artifact.thumbnail
        return FSInputFile(path, filename="thumbnail.jpg") if path and fits_as_thumbnail(path) else None


def fits_as_thumbnail(path: Path) -> bool:
    """Whether Telegram takes it; of others it makes none."""
    with path.open("rb") as file:
        return file.read(3) == _JPEG and path.stat().st_size <= LARGEST_THUMBNAIL
