"""A finished MP4 once more, in fewer bytes: for platforms that take less than was drawn."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

_OPTIONS = {
    "preset": "veryfast",
    "profile": "high",
    "x264-params": "colormatrix=smpte170m",  # as it was drawn, see `encoding`
}
_CONTAINER_SHARE = 0.02
_CONTAINER_BYTES = 4_096
"""What the boxes of an MP4 take beside the pictures, at most."""
_AIM = 0.9
"""Share of the allowed bytes that the encoder is asked for: it hits its rate only roughly."""
_SCALES = (Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(3, 8))
_FEWEST_BITS = 0.008
"""For one pixel of one frame of a drawn picture; with fewer, letters get smeared: a smaller one is better."""
_MOST_FPS = 30


@dataclass(frozen=True, slots=True)
class _Target:
    """Sides in pixels; of ``every`` frames one is kept; ``rate`` in bits a second; ``burst`` in bits."""

    width: int
    height: int
    every: int
    rate: int
    burst: int


def shrink(video_fd: int, max_bytes: int, folder: Path | None = None) -> Path | None:
    """Encode the MP4 behind ``video_fd`` again in at most ``max_bytes``; returns the new file in ``folder``,
    None when no size will do.

    The picture keeps its shape and gets smaller only where its letters would get smeared otherwise. Sound is
    copied.
    """
    folder = folder or Path(tempfile.mkdtemp(prefix="shrink-"))
    path = folder / "video.mp4"
    with os.fdopen(os.dup(video_fd), "rb") as file:
        for target in _targets(file, max_bytes):
            file.seek(0)
            if _encode(file, path, target, max_bytes):
                return path
            path.unlink()
    return None


def _targets(file: object, max_bytes: int) -> Iterator[_Target]:
    """What to try, best first. A second try at the same size aims lower."""
    with av.open(file) as container:
        stream = container.streams.video[0]
        fps = float(stream.average_rate or 30)
        seconds = max(float((container.duration or 0) / av.time_base), 1 / fps)
        width, height = stream.codec_context.width, stream.codec_context.height
        sound = sum(packet.size for packet in container.demux(audio=0)) if container.streams.audio else 0
    room = max_bytes * (1 - _CONTAINER_SHARE) - _CONTAINER_BYTES - sound
    every = 2 if fps > _MOST_FPS else 1
    for scale in _SCALES:
        sides = _even(width * scale), _even(height * scale)
        for aim in (_AIM, _AIM * 0.7):
            rate = int(room * aim * 8 / seconds)
            if rate >= _FEWEST_BITS * sides[0] * sides[1] * fps / every:
                yield _Target(*sides, every, rate, int(rate * min(2.0, max(0.25, seconds / 10))))


def _even(side: Fraction) -> int:
    return max(2, 2 * round(side / 2))


def _encode(file: object, path: Path, target: _Target, max_bytes: int) -> bool:
    """Whether the file at ``path`` came out small enough; it is given up as soon as it cannot."""
    left = max_bytes * (1 - _CONTAINER_SHARE) - _CONTAINER_BYTES
    with av.open(file) as drawn, av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        pictures = drawn.streams.video[0]
        rate = (pictures.average_rate or Fraction(30)) / target.every
        # A burst that a short clip has no time to make up for would not fit.
        limits = {"maxrate": str(target.rate), "bufsize": str(target.burst)}
        stream = out.add_stream("libx264", rate=rate, options=_OPTIONS | limits)
        stream.width, stream.height = target.width, target.height
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = target.rate
        stream.codec_context.thread_count = 2
        heard = drawn.streams.audio[0] if drawn.streams.audio else None
        copied = out.add_stream_from_template(heard) if heard is not None else None

        def put(packets: list[av.Packet]) -> bool:
            nonlocal left
            left -= sum(packet.size for packet in packets)
            for packet in packets:
                out.mux(packet)
            return bool(left >= 0)

        number = 0
        for packet in drawn.demux([item for item in (pictures, heard) if item is not None]):
            if packet.stream is heard and copied is not None:
                if packet.dts is not None:
                    packet.stream = copied
                    put([packet])
                continue
            for frame in packet.decode():
                number += 1
                if (number - 1) % target.every:
                    continue
                smaller = frame.reformat(width=target.width, height=target.height, format="yuv420p")
                smaller.pts = (number - 1) // target.every
                smaller.time_base = 1 / rate
                smaller.pict_type = 0
                if not put(list(stream.encode(smaller))):
                    return False
        return put(list(stream.encode(None)))
