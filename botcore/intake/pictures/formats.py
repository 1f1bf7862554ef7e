"""What a picture is, by its first bytes. Nothing is decoded here: the bytes come from strangers, and are only
passed on."""

from __future__ import annotations

from botcore.errors import PictureTooLarge, PictureUnreadable

MAX_BYTES = 8_000_000
MAX_SIDE = 16_384
"""Pixels; more than any camera's, and than any service takes."""

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG = b"\xff\xd8\xff"
_WITHOUT_BODY = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG segments that hold the size."""


def media_type_of(data: bytes) -> str:
    """The media type of a picture that providers take, whatever its sender called it.

    :raises PictureTooLarge: too many bytes or pixels.
    :raises PictureUnreadable: no JPEG, PNG or WebP, or cut off before its size is told.
    """
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(limit_mb=MAX_BYTES // 1_000_000)
    if data.startswith(_JPEG):
        kind, sides = "image/jpeg", _jpeg_sides(data)
    elif data.startswith(_PNG):
        kind, sides = "image/png", (_number(data[16:20], "big"), _number(data[20:24], "big"))
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind, sides = "image/webp", _webp_sides(data)
    else:
        raise PictureUnreadable("no format that is known")
    if not all(sides):
        raise PictureUnreadable(f"{kind} of {sides[0]} x {sides[1]} pixels")
    if max(sides) > MAX_SIDE:
        raise PictureTooLarge(f"{sides[0]} x {sides[1]} pixels", limit_mb=MAX_BYTES // 1_000_000)
    return kind


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    """From segment to segment until one tells the size; (0, 0) when none does."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
        elif marker in _FRAMES:
            return _number(data[place + 7 : place + 9], "big"), _number(data[place + 5 : place + 7], "big")
        elif marker in _WITHOUT_BODY:
            place += 2
        else:
            place += 2 + max(2, _number(data[place + 2 : place + 4], "big"))
    return 0, 0


def _webp_sides(data: bytes) -> tuple[int, int]:
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return 0, 0
    match chunk:
        case b"VP8 " if body[3:6] == b"\x9d\x01\x2a":
            return _number(body[6:8], "little") & 0x3FFF, _number(body[8:10], "little") & 0x3FFF
        case b"VP8L" if body[0] == 0x2F:
            packed = _number(body[1:5], "little")
            return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _number(body[4:7], "little") + 1, _number(body[7:10], "little") + 1
    return 0, 0


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "big" if order == "big" else "little")
