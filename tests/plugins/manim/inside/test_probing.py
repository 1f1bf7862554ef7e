"""A file is what its decoded pictures say, and nothing else."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from botcore_manim.inside import probe
from botcore_manim.inside.encoding import Held
from botcore_manim.inside.picture import Watcher
from PIL import Image

SIZE = (160, 90)


def look(path: Path) -> tuple[dict[str, Any], bytes]:
    thumbnail = path.with_suffix(".thumbnail")
    video, thumb = os.open(path, os.O_RDONLY), os.open(thumbnail, os.O_RDWR | os.O_CREAT)
    try:
        return probe(video, thumb), thumbnail.read_bytes()
    finally:
        os.close(video)
        os.close(thumb)


def good(path: Path) -> Path:
    """Two black seconds, one with a white square, half a second of black."""
    black = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    white = black.copy()
    white[20:70, 40:90] = 255
    stream, watcher = Held(path, SIZE, 10, 10**6), Watcher(*SIZE)
    for pixels, repeat in ((black, 20), (white, 10), (black, 5)):
        stream.write(watcher.see(pixels), repeat)
    stream.close()
    return path


def test_a_good_file_is_described_from_its_pictures(tmp_path: Path) -> None:
    path = good(tmp_path / "v.mp4")
    described, _ = look(path)
    assert described == {
        "container": "mp4",
        "media_type": "video/mp4",
        "codec": "h264",
        "pixel_format": "yuv420p",
        "width": 160,
        "height": 90,
        "duration": 3.5,
        "frames": 35,
        "size": path.stat().st_size,
    }


def test_the_thumbnail_shows_something(tmp_path: Path) -> None:
    _, jpeg = look(good(tmp_path / "v.mp4"))
    picture = Image.open(io.BytesIO(jpeg))
    assert picture.format == "JPEG"
    assert picture.size == SIZE
    assert np.asarray(picture.convert("L"))[45, 65] > 200


def a_text(path: Path) -> None:
    path.write_text("<html>not a video</html>" * 99)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    good(path)
    os.truncate(path, path.stat().st_size // 4)


def no_pictures(path: Path) -> None:
    data = good(path).read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))


def sound_only(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def another(path: Path, codec: str, streams: int = 1, width: int = 64, form: str = "mp4") -> None:
    with av.open(str(path), "w", format=form) as container:
        made = []
        for _ in range(streams):
            stream = container.add_stream(codec, rate=10)
            stream.width, stream.height, stream.pix_fmt = width, 64, "yuv420p"
            made.append(stream)
        for stream in made:
            for index in range(3):
                frame = av.VideoFrame(width, 64, "yuv420p")
                frame.pts, frame.time_base = index, Fraction(1, 10)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))


@pytest.mark.parametrize(
    "make",
    [
        a_text,
        nothing,
        half,
        no_pictures,
        sound_only,
        lambda path: another(path, "mpeg4"),
        lambda path: another(path, "libx264", streams=2),
        lambda path: another(path, "libx264", width=5000),
        lambda path: another(path, "libx264", form="matroska"),
        lambda path: another(path, "mpeg4", form="avi"),
    ],
    ids=["text", "empty", "cut", "zeroed", "sound", "codec", "two", "huge", "h264 in matroska", "avi"],
)
def test_anything_else_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "v.mp4"
    make(path)
    with pytest.raises(ValueError, match=r"\w"):
        look(path)


def test_a_false_duration_in_the_header_is_not_believed(tmp_path: Path) -> None:
    path = good(tmp_path / "v.mp4")
    data = bytearray(path.read_bytes())
    at = data.index(b"mvhd") + 4
    data[at + 16 : at + 20] = (10**9).to_bytes(4, "big")
    path.write_bytes(data)
    assert look(path)[0]["duration"] == 3.5
