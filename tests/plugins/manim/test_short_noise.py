"""A short clip that can hardly be compressed is made to fit, too."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from botcore_manim.inside.shrinking import shrink


def test_a_burst_of_noise_fits(tmp_path: Path) -> None:
    drawn = tmp_path / "noise.mp4"
    chance = np.random.default_rng(1)
    with av.open(str(drawn), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(30):
            picture = chance.integers(0, 255, (180, 320, 3), dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    limit = drawn.stat().st_size * 6 // 10
    with drawn.open("rb") as file:
        smaller = shrink(file.fileno(), limit, tmp_path)
    assert smaller is not None
    assert smaller.stat().st_size <= limit
    with av.open(str(smaller)) as video:
        assert video.streams.video[0].codec_context.width == 320, "its letters are as large as before"
