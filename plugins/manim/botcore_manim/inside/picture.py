"""RGBA pictures to the encoder's YUV pictures, converting only the bands of rows that changed.

swscale's conversion of a row depends on no more than a few rows above and below it, so a band converted with
some rows of context gives the same bytes as the whole picture would; a test holds this against every size.
"""

from __future__ import annotations

from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import VideoReformatter

Pixels = npt.NDArray[np.uint8]
"""Height × width × RGBA."""

_BAND = 16
_CONTEXT = 16
_REACH = 4  # chroma is filtered vertically: this many rows around a changed one may turn out differently too


@dataclass(frozen=True, slots=True)
class Change:
    """Rows ``top`` to ``bottom`` have to be converted; ``pixels`` holds them and more, from row ``start``."""

    top: int
    bottom: int
    start: int
    pixels: Pixels


class Watcher:
    """Remembers the last picture and finds what is new in the next one."""

    def __init__(self, width: int, height: int) -> None:
        self._last: Pixels = np.zeros((height, width, 4), np.uint8)
        self._words = _words(self._last)
        self._first = True

    def see(self, pixels: Pixels) -> list[Change]:
        """What changed since the last call; the caller keeps ``pixels`` and may draw over it."""
        height = self._last.shape[0]
        if self._first:
            self._first = False
            runs = [(0, height)]
        else:
            runs = self._changed_runs(pixels)
        for top, bottom in runs:
            np.copyto(self._last[top:bottom], pixels[top:bottom])
        changes = []
        for top, bottom in runs:
            start, end = max(top - _CONTEXT, 0), min(bottom + _CONTEXT, height)
            reach = max(top - _REACH, 0), min(bottom + _REACH, height)
            changes.append(Change(*reach, start, self._last[start:end].copy()))
        return changes

    def _changed_runs(self, pixels: Pixels) -> list[tuple[int, int]]:
        height = self._last.shape[0]
        words = _words(pixels)
        runs: list[tuple[int, int]] = []
        for top in range(0, height, _BAND):
            bottom = min(top + _BAND, height)
            if np.array_equal(self._words[top:bottom], words[top:bottom]):
                continue
            if runs and top - runs[-1][1] <= 2 * _CONTEXT:
                runs[-1] = (runs[-1][0], bottom)
            else:
                runs.append((top, bottom))
        return runs


def _words(pixels: Pixels) -> npt.NDArray[np.uint32]:
    """The same memory, one number per pixel: four times fewer comparisons."""
    return pixels.reshape(pixels.shape[0], -1).view(np.uint32)


class Converter:
    """Holds the YUV 4:2:0 picture and brings it up to date."""

    def __init__(self, width: int, height: int) -> None:
        self.frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = [_plane(plane) for plane in self.frame.planes]
        # one per height of a band: a scaler is set up anew whenever the size of its input changes
        self._scalers: dict[int, VideoReformatter] = {}

    def apply(self, changes: list[Change]) -> None:
        """Convert the changed rows into :attr:`frame`."""
        for change in changes:
            rows = change.pixels.shape[0]
            scaler = self._scalers.setdefault(rows, VideoReformatter())
            source = av.VideoFrame.from_numpy_buffer(change.pixels, format="rgba")
            band = scaler.reformat(source, format="yuv420p", threads=1)
            for plane, (whole, part) in enumerate(zip(self._planes, map(_plane, band.planes), strict=True)):
                step = 1 if plane == 0 else 2
                top, bottom = change.top // step, -(-change.bottom // step)
                start = change.start // step
                whole[top:bottom] = part[top - start : bottom - start]


def _plane(plane: av.video.plane.VideoPlane) -> Pixels:
    """The plane's own memory, height × width."""
    flat = np.frombuffer(plane, np.uint8)
    return flat.reshape(plane.height, plane.line_size)[:, : plane.width]
