"""What a platform can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TextUnit(StrEnum):
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class MediaLimit:
    """Files of ``media_type`` (``video/mp4``, ``video/*``) up to ``max_bytes``."""

    media_type: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, as data. Unknown means no: every default is the poorest."""

    text_limit: int = 0
    """0: the adapter takes text of any length."""
    text_unit: TextUnit = TextUnit.CODE_POINTS
    caption_limit: int = 0
    media: tuple[MediaLimit, ...] = ()
    edit_text: bool = False
    text_to_media: bool = False
    buttons: int = 0
    button_label_limit: int = 0
    button_data_limit: int = 0
    """Bytes of what a button sends back; 0 is no limit."""
    typing: bool = False
    reactions: bool = False
    receipts: bool = False
    """The platform says of each message, by its ``tracker``, that it has it: a send whose end is not known is
    settled by that and not repeated at once."""
    preview_control: bool = False
    formatting: bool = False
    """Code between lines of three backticks is shown as code."""

    def limit(self, media_type: str) -> int:
        """Bytes of the largest file of this type that can be sent natively; 0 where none can."""
        family = media_type.split("/", 1)[0] + "/*"
        fitting = {media_type, family, "*/*"}
        return max((limit.max_bytes for limit in self.media if limit.media_type in fitting), default=0)

    def takes(self, media_type: str, size: int) -> bool:
        """Whether a file of this type and size in bytes can be sent natively."""
        return self.limit(media_type) > 0 and size <= self.limit(media_type)
