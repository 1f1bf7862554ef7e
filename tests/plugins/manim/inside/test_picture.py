"""Converting only what changed gives what converting everything gives."""

from __future__ import annotations

import av
import numpy as np
from botcore_manim.inside.picture import Converter, Pixels, Watcher
from hypothesis import given, settings
from hypothesis import strategies as st

SIZES = st.sampled_from([(854, 480), (480, 854), (480, 480), (320, 182), (1280, 720), (102, 50)])


def whole(pixels: Pixels) -> bytes:
    """As Manim's encoder converts a frame."""
    converted = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format="yuv420p")
    return bytes(converted.to_ndarray())


@settings(deadline=None, max_examples=40)
@given(size=SIZES, seed=st.integers(0, 2**32), steps=st.integers(1, 6))
def test_any_change_gives_the_bytes_of_a_whole_conversion(
    size: tuple[int, int], seed: int, steps: int
) -> None:
    width, height = size
    chance = np.random.default_rng(seed)
    watcher, converter = Watcher(width, height), Converter(width, height)
    pixels = chance.integers(0, 256, (height, width, 4), dtype=np.uint8)
    for _ in range(steps):
        converter.apply(watcher.see(pixels))
        assert converter.frame.to_ndarray().tobytes() == whole(pixels)
        for _ in range(chance.integers(0, 4)):
            top, left = chance.integers(0, height), chance.integers(0, width)
            box = (slice(top, top + chance.integers(1, 70)), slice(left, left + chance.integers(1, 300)))
            pixels[box] = chance.integers(0, 256, 4)


def test_the_same_picture_again_is_no_change() -> None:
    watcher = Watcher(64, 48)
    pixels = np.full((48, 64, 4), 7, np.uint8)
    assert len(watcher.see(pixels)) == 1
    assert watcher.see(pixels) == []
    pixels[47, 63, 3] += 1
    assert len(watcher.see(pixels)) == 1


def test_what_was_seen_may_be_drawn_over() -> None:
    watcher, converter = Watcher(64, 48), Converter(64, 48)
    pixels = np.random.default_rng(1).integers(0, 256, (48, 64, 4), dtype=np.uint8)
    before = whole(pixels)
    changes = watcher.see(pixels)
    pixels[:] = 0
    converter.apply(changes)
    assert converter.frame.to_ndarray().tobytes() == before
