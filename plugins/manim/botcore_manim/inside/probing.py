"""A finished file, looked at by decoding it: what it claims of itself is compared, never believed."""

from __future__ import annotations

import io
import os
from typing import Any

import av
import numpy as np

from botcore_manim.inside.picture import Pixels

_MAX_SIDE = 1920  # of the largest size that is ever asked for
_MAX_FRAMES = 60 * 60 * 30
_MAX_DURATION_S = 3600.0
_THUMBNAIL_SIDE = 320  # the most that Telegram takes
_THUMBNAIL_QUALITY = 85
_LOOKS = 24
"""How many frames are considered for the thumbnail."""

_FORMATS = {
    # PyAV's name of the container: what we call it, its media type, the codecs that may be in it
    "mov,mp4,m4a,3gp,3g2,mj2": ("mp4", "video/mp4", {"h264"}),
    "matroska,webm": ("webm", "video/webm", {"vp9"}),
    "gif": ("gif", "image/gif", {"gif"}),
}


class _Thumbnail:
    """Keeps the most telling of the frames shown to it: the one that differs most from its ground."""

    def __init__(self) -> None:
        self._best: av.VideoFrame | None = None
        self._score = -1.0

    def consider(self, frame: av.VideoFrame) -> None:
        """Later frames win ties: a scene usually ends with more on it than it began with."""
        small: Pixels = frame.reformat(width=96, height=96, format="gray").to_ndarray()
        ground = np.bincount(small.ravel()).argmax()
        score = float(np.count_nonzero(np.abs(small.astype(np.int16) - int(ground)) > 24))
        if score >= self._score:
            self._score = score
            self._best = frame

    def jpeg(self) -> bytes:
        """The frame as a JPEG of at most 320 pixels on its longer side."""
        assert self._best is not None  # noqa: S101  # a caller counts frames first
        picture = self._best.to_image()
        picture.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY, optimize=True)
        return buffer.getvalue()


def probe(video_fd: int, thumb_fd: int) -> dict[str, Any]:
    """See :func:`botcore_manim.inside.probe`."""
    size = os.fstat(video_fd).st_size
    with os.fdopen(os.dup(video_fd), "rb") as file:
        file.seek(0)
        try:
            described, thumbnail = _look(file)
        except (av.error.FFmpegError, MemoryError) as error:
            raise ValueError(f"not a playable video: {error}") from error
    os.write(thumb_fd, thumbnail.jpeg())
    return {**described, "size": size}


def _look(file: io.BufferedReader) -> tuple[dict[str, Any], _Thumbnail]:
    with av.open(file) as container:
        if container.format.name not in _FORMATS:
            raise ValueError(f"the container is {container.format.name}")
        name, media_type, codecs = _FORMATS[container.format.name]
        if len(container.streams.video) != 1 or len(container.streams) > 1 + len(container.streams.audio):
            raise ValueError("there must be one stream of pictures and nothing else but sound")
        stream = container.streams.video[0]
        context = stream.codec_context
        width, height = context.width, context.height
        if context.name not in codecs:
            raise ValueError(f"the codec is {context.name}")
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            raise ValueError(f"the picture is {width} x {height}")
        stream.thread_type = "AUTO"
        context.thread_count = 2
        claimed = max(stream.frames, _LOOKS)
        thumbnail = _Thumbnail()
        frames, end, pixel_format = 0, 0.0, ""
        for frame in container.decode(stream):
            if (frame.width, frame.height) != (width, height):
                raise ValueError("the size of the picture changes")
            pixel_format = frame.format.name
            end = max(end, frame.time or 0.0)
            if frames % max(claimed // _LOOKS, 1) == 0 and frames <= claimed:
                thumbnail.consider(frame)
            frames += 1
            if frames > _MAX_FRAMES or end > _MAX_DURATION_S:
                raise ValueError("the video is too long")
        if frames == 0:
            raise ValueError("there is no picture")
        rate = float(stream.average_rate or stream.guessed_rate or 0) or 1.0
        return {
            "container": name,
            "media_type": media_type,
            "codec": context.name,
            "pixel_format": pixel_format,
            "width": width,
            "height": height,
            "duration": round(end + 1 / rate, 3),
            "frames": frames,
        }, thumbnail
