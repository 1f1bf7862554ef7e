"""Manim's file writer, replaced: no partial movie files, no concatenation, one stream for the whole scene."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from manim.scene.scene_file_writer import SceneFileWriter

from botcore_manim.inside.encoding import VP9, Encoder, Held, Plain, Stream
from botcore_manim.inside.gif import Gif
from botcore_manim.inside.picture import Pixels, Watcher
from botcore_manim.inside.progress import Progress
from botcore_manim.inside.sound import add_sound_track
from botcore_manim.spec import JobSpec

STILL_SECONDS = 3
"""How long the picture of a scene that plays nothing is shown."""


Report = Callable[[dict[str, Any]], None]

_numbers = itertools.count(1)


@dataclass(slots=True)
class Output:
    """Where and how the current job's pictures go."""

    spec: JobSpec
    folder: Path
    report: Report
    progress: Progress


class _File:
    """The file of one scene, opened for its first frame."""

    def __init__(self, output: Output) -> None:
        spec = output.spec
        size = (spec.width, spec.height)
        # a scene may draw other scenes, each into a file of its own
        self.path = output.folder / f"video-{next(_numbers)}.{spec.format}"
        stream: Stream
        if spec.format == "gif":
            stream = Gif(self.path, size, spec.fps, spec.max_bytes)
        elif spec.format == "webm":
            stream = Plain(self.path, size, spec.fps, spec.max_bytes, "libvpx-vp9", VP9)
        else:
            stream = Held(self.path, size, spec.fps, spec.max_bytes)
        self.encoder = Encoder(stream)
        self.watcher = Watcher(*size)


class StreamWriter(SceneFileWriter):
    """Takes the frames of one scene. :attr:`output` is set once per process, before the scene is made."""

    output: Output

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self._file: _File | None = None

    @property
    def path(self) -> Path | None:
        """The file, once there is a frame."""
        return None if self._file is None else self._file.path

    def begin_animation(self, allow_write: bool = False, **_: Any) -> None:
        """One ``play`` begins."""
        if allow_write:
            self.output.progress.animation()

    def end_animation(self, allow_write: bool = False) -> None:
        """One ``play`` is over; nothing has to be closed."""

    def at(self, time: float, duration: float) -> None:
        """The next frame is ``time`` seconds into a ``play`` of ``duration`` seconds."""
        self.output.progress.frame(time / duration)

    def write_frame(self, pixels: Pixels, *, repeat: int = 1) -> None:
        """Show the picture for ``repeat`` frames. The caller keeps the array."""
        height, width = pixels.shape[:2]
        wanted = self.output.spec
        if (width, height) != (wanted.width, wanted.height):
            there, here = f"{wanted.width} x {wanted.height}", f"{width} x {height}"
            raise ValueError(f"the video has {there} pixels, but the scene set its camera to {here}")
        self._file = self._file or _File(self.output)
        self._file.encoder.write(self._file.watcher.see(np.ascontiguousarray(pixels)), repeat)

    def is_already_cached(self, _: str) -> bool:
        """Never: nothing is cached."""
        return False

    def save_image(self, pixels: Pixels) -> None:
        """The last picture of a scene that played nothing, as a short video."""
        self.write_frame(pixels, repeat=STILL_SECONDS * self.output.spec.fps)
        self.finish()

    def finish(self) -> None:
        """Finish the file."""
        if self._file is None:
            return
        self._file.encoder.close()
        if self.includes_sound and self.output.spec.format != "gif":
            add_sound_track(self._file.path, self.audio_segment, self.output.spec.format)

    def abort_encode_jobs(self, reraise_encoder_failures: bool = False) -> None:
        """The scene failed; its process ends soon, and the encoder's thread with it."""
