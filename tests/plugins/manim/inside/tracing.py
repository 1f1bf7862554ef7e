"""Draws scenes and prints a hash of every frame's YUV picture, as JSON by scene: run by the tests.

``manim``: by Manim alone, each frame converted as its encoder does it. ``botcore``: by the scene runtime, as
its encoder gets them.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import av
from botcore_manim.spec import JobSpec


def digest(frame: av.VideoFrame) -> str:
    return hashlib.sha1(frame.to_ndarray().tobytes(), usedforsecurity=False).hexdigest()


def by_manim(spec: JobSpec, source: str) -> list[str]:
    from botcore_manim.inside.finding import find_scene
    from botcore_manim.inside.settings import configure, enforce
    from botcore_manim.inside.source import load
    from manim.scene.video_segment_encoder import VideoSegmentEncoder

    seen: list[str] = []

    def write_frame(_: Any, pixels: Any, *, repeat: int = 1) -> None:
        frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format="yuv420p")
        seen.extend([digest(frame)] * repeat)

    VideoSegmentEncoder.write_frame = write_frame
    VideoSegmentEncoder.finish = VideoSegmentEncoder.abort
    with tempfile.TemporaryDirectory() as folder:
        configure(spec, Path(folder))
        _, module = load(source, Path(folder))
        enforce(spec)
        scene = find_scene(module, None)()
        scene.renderer.file_writer.combine_to_movie = lambda: None
        scene.render()
    return seen


def by_botcore(spec: JobSpec, source: str) -> list[str]:
    from botcore_manim.inside import patches, running, writing
    from botcore_manim.inside.picture import Change, Converter

    seen: list[str] = []

    class Tracing:
        def __init__(self, _path: Path, size: tuple[int, int], _fps: int, _max_bytes: int) -> None:
            self._converter = Converter(*size)

        def write(self, changes: list[Change], repeat: int) -> None:
            self._converter.apply(changes)
            seen.extend([digest(self._converter.frame)] * repeat)

        def close(self) -> None:
            pass

    vars(writing)["Held"] = Tracing  # in the place of the real one
    patches.install()
    with tempfile.TemporaryDirectory() as folder:
        running.run(spec, source, lambda line: print(line, file=sys.stderr), Path(folder))
    return seen


def main() -> None:
    draw = {"manim": by_manim, "botcore": by_botcore}[sys.argv[1]]
    request = json.load(sys.stdin)
    spec = JobSpec(**request["spec"])
    print(json.dumps({name: draw(spec, source) for name, source in request["scenes"].items()}))


if __name__ == "__main__":
    main()
