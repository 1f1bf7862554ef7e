"""What a picture is, by its first bytes: real ones are known, hostile ones refused, nothing is decoded."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from botcore.errors import InputError, PictureTooLarge, PictureUnreadable
from botcore.intake.pictures.formats import MAX_BYTES, MAX_SIDE, media_type_of


def picture(kind: str, size: tuple[int, int] = (90, 60), **options: Any) -> bytes:
    """A real picture."""
    out = io.BytesIO()
    mode = "RGBA" if options.pop("alpha", False) else "RGB"
    Image.new(mode, size, "white").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", progressive=True), "image/jpeg"),
        (picture("JPEG", exif=b"Exif\x00\x00" + bytes(3_000)), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("WEBP", lossless=True), "image/webp"),
        (picture("WEBP", alpha=True, exif=b"Exif\x00\x00" + bytes(20)), "image/webp"),
    ],
)
def test_a_real_picture_is_known_whatever_it_was_called(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x00\x00\x00\x18ftypheic" + bytes(100),
        b"\xff\xd8\xff",
        picture("JPEG")[:40],
        picture("PNG")[:20],
        picture("WEBP")[:18],
    ],
)
def test_other_files_and_beginnings_of_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        media_type_of(data)


def test_too_many_bytes_or_pixels_are_refused() -> None:
    with pytest.raises(PictureTooLarge):
        media_type_of(picture("PNG") + bytes(MAX_BYTES))
    header = bytearray(picture("PNG"))
    header[16:20] = (MAX_SIDE + 1).to_bytes(4, "big")
    with pytest.raises(PictureTooLarge):
        media_type_of(bytes(header))


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00\x02\xff", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
                     b"RIFF\x00\x00\x00\x00WEBPVP8X", b"RIFF\x00\x00\x00\x00WEBPVP8L", b""]),
    st.binary(max_size=200),
)  # fmt: skip
def test_whatever_follows_a_known_beginning_there_is_a_type_or_one_clear_error(
    start: bytes, rest: bytes
) -> None:
    with suppress(InputError):
        assert media_type_of(start + rest).startswith("image/")
