"""GIF: pictures first go into a video; then one pass finds the palette and a second one uses it.

Two passes over a file keep the memory small; one filter graph with both would hold every picture at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av

from botcore_manim.inside.encoding import Held
from botcore_manim.inside.faults import Fault
from botcore_manim.inside.picture import Change

_MAX_FPS = 25
"""Most players slow a GIF down that asks for less than 4/100 s per picture."""


class Gif:
    """A :class:`~botcore_manim.inside.encoding.Stream` that ends as a GIF."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int, max_bytes: int) -> None:
        self._path = path
        self._size = size
        self._fps = fps
        self._max_bytes = max_bytes
        self._video = path.with_suffix(".mp4")
        self._stream = Held(self._video, size, fps, max_bytes)

    def write(self, changes: list[Change], repeat: int) -> None:
        """Show the picture, after ``changes``, for ``repeat`` frames."""
        self._stream.write(changes, repeat)

    def close(self) -> None:
        """Write the GIF from the video."""
        self._stream.close()
        palette = self._palette()
        step = -(-self._fps // _MAX_FPS)
        with av.open(str(self._path), "w", format="gif") as container:
            stream = container.add_stream("gif", rate=Fraction(self._fps, step))
            stream.width, stream.height = self._size
            stream.pix_fmt = "pal8"
            left = self._max_bytes
            for index, frame in enumerate(self._with_palette(palette, step)):
                frame.pts = index
                frame.time_base = Fraction(step, self._fps)
                for packet in stream.encode(frame):
                    left -= packet.size
                    if left < 0:
                        raise Fault("video_too_large")
                    container.mux(packet)
            for packet in stream.encode(None):
                container.mux(packet)
        self._video.unlink()

    def _palette(self) -> av.VideoFrame:
        with av.open(str(self._video)) as container:
            stream = container.streams.video[0]
            graph = av.filter.Graph()
            graph.link_nodes(
                graph.add_buffer(template=stream),
                graph.add("palettegen", "stats_mode=diff"),
                graph.add("buffersink"),
            ).configure()
            for frame in container.decode(stream):
                graph.push(frame)
            graph.push(None)
            return graph.pull()

    def _with_palette(self, palette: av.VideoFrame, step: int) -> Iterator[av.VideoFrame]:
        with av.open(str(self._video)) as container:
            stream = container.streams.video[0]
            graph = av.filter.Graph()
            pictures = graph.add_buffer(template=stream)
            colours = graph.add_buffer(
                width=palette.width, height=palette.height, format=palette.format, time_base=stream.time_base
            )
            use = graph.add("paletteuse", "dither=bayer:bayer_scale=5:diff_mode=rectangle")
            sink = graph.add("buffersink")
            pictures.link_to(use, 0, 0)
            colours.link_to(use, 0, 1)
            use.link_to(sink)
            graph.configure()
            colours.push(palette)
            colours.push(None)
            for index, frame in enumerate(container.decode(stream)):
                if index % step == 0:
                    pictures.push(frame)
                    yield from _pull_all(graph)
            pictures.push(None)
            yield from _pull_all(graph)


def _pull_all(graph: av.filter.Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
