"""One stream of pictures into one file, on a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av

from botcore_manim.inside.faults import Fault
from botcore_manim.inside.holding import Holds
from botcore_manim.inside.picture import Change, Converter

X264 = {
    "preset": "veryfast",
    # Without adaptive quantisation, at crf 28, drawn pictures are nearer to the original than with Manim's
    # medium at crf 23, in the mean and in the worst frame (measured: +0.5 to +6 dB), for a fifth of the CPU.
    # The rest is the form of stream that `holding` needs, and the matrix by which swscale converts RGB.
    "crf": "28",
    "forced-idr": "1",
    "x264-params": "rc-lookahead=0:mbtree=0:scenecut=0:weightp=0:bframes=0:ref=1:aq-mode=0:subme=1:me=dia"
    ":cabac=0:8x8dct=0:no-deblock=1:colormatrix=smpte170m",
}
VP9 = {"crf": "30", "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "1", "lag-in-frames": "0"}
_THREADS = 2
_SECONDS_TO_KEYFRAME = 5
"""Players jump to keyframes, in a picture that stands still too; each costs about as much as a JPEG of it."""
_QUEUE = 4
"""Pictures that may wait for the encoder: enough for it never to starve, little enough to hold in memory."""


class Stream(Protocol):
    """A file being written, picture by picture."""

    def write(self, changes: list[Change], repeat: int) -> None:
        """Show the picture, after ``changes``, for ``repeat`` frames."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class _Video:
    """What the streams share: the container, the codec, the clock and the limit."""

    def __init__(
        self, path: Path, size: tuple[int, int], fps: int, max_bytes: int, codec: str, options: dict[str, str]
    ) -> None:
        self._converter = Converter(*size)
        self._time_base = Fraction(1, fps)
        self._left = max_bytes
        container_options = {"movflags": "+faststart"} if codec == "libx264" else {}
        self._container = av.open(str(path), "w", options=container_options)
        stream = self._container.add_stream(codec, rate=fps, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(1)
        stream.codec_context.thread_count = _THREADS
        stream.codec_context.thread_type = "FRAME"
        self._stream = stream
        self._frames = 0

    def _encode(self, *, keyframe: bool = False) -> list[av.Packet]:
        frame = self._converter.frame
        frame.pts = self._frames
        frame.time_base = self._time_base
        frame.pict_type = 1 if keyframe else 0
        self._frames += 1
        return list(self._stream.encode(frame))

    def _mux(self, packet: av.Packet) -> None:
        self._left -= packet.size
        if self._left < 0:
            raise Fault("video_too_large")
        self._container.mux(packet)


class Plain(_Video):
    """Every frame goes through the codec."""

    def write(self, changes: list[Change], repeat: int) -> None:
        self._converter.apply(changes)
        for _ in range(repeat):
            for packet in self._encode():
                self._mux(packet)

    def close(self) -> None:
        for packet in self._stream.encode(None):
            self._mux(packet)
        self._container.close()


class Held(_Video):
    """H.264 in MP4: a picture goes through the codec once, its repetitions are written as such."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int, max_bytes: int) -> None:
        super().__init__(path, size, fps, max_bytes, "libx264", X264)
        self._container.start_encoding()
        headers = self._stream.codec_context.extradata
        self._holds = Holds(bytes(headers or b""))
        self._repeats: deque[int] = deque()  # of the pictures that the codec has not given back yet
        self._next = 0
        self._keyframe_at = 0
        self._keyframe_every = _SECONDS_TO_KEYFRAME * fps

    def write(self, changes: list[Change], repeat: int) -> None:
        self._converter.apply(changes)
        new = bool(changes)
        while repeat:
            keyframe = self._frames >= self._keyframe_at
            if keyframe:
                self._keyframe_at = self._frames + self._keyframe_every
            run = min(repeat, self._keyframe_at - self._frames)
            repeat -= run
            if new or keyframe or not self._repeats:
                self._show(run, keyframe=keyframe)
            else:
                self._repeats[-1] += run
                self._frames += run
            new = False

    def _show(self, run: int, *, keyframe: bool) -> None:
        """The picture as it is now, for ``run`` frames."""
        self._repeats.append(run - 1)
        packets = self._encode(keyframe=keyframe)
        self._frames += run - 1
        for packet in packets:
            self._put(packet)

    def close(self) -> None:
        for packet in self._stream.encode(None):
            self._put(packet)
        self._container.close()

    def _put(self, packet: av.Packet) -> None:
        self._write(self._holds.renumber(bytes(packet)), keyframe=packet.is_keyframe)
        for _ in range(self._repeats.popleft()):
            self._write(self._holds.repeat(), keyframe=False)

    def _write(self, data: bytes, *, keyframe: bool) -> None:
        packet = av.Packet(data)
        packet.stream = self._stream
        packet.time_base = self._time_base
        packet.pts = packet.dts = self._next
        packet.duration = 1
        packet.is_keyframe = keyframe
        self._next += 1
        self._mux(packet)


class Encoder:
    """Feeds a stream from another thread. ``write`` and ``close`` raise what the stream raised."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._queue: queue.Queue[tuple[list[Change], int] | None] = queue.Queue(_QUEUE)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()

    def write(self, changes: list[Change], repeat: int) -> None:
        """Show the picture, after ``changes``, for ``repeat`` frames."""
        self._check()
        self._queue.put((changes, repeat))

    def close(self) -> None:
        """Wait until the file is finished."""
        self._queue.put(None)
        self._thread.join()
        self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._stream.write(*item)
                except BaseException as error:  # noqa: BLE001  # raised again where the scene waits for it
                    self._error = error
        if self._error is None:
            try:
                self._stream.close()
            except BaseException as error:  # noqa: BLE001  # the same
                self._error = error
