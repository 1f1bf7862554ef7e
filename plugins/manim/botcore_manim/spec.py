"""What one drawing has to be: the only thing besides the source that a job process is told.

Imported on both sides of the sandbox, so it needs the standard library alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botcore.model import RenderOptions

_SHORT_AND_LONG_SIDE = {"low": (480, 854), "medium": (720, 1280), "high": (1080, 1920)}
_FPS = {"low": 15, "medium": 30, "high": 60}
_FORMATS = ("mp4", "webm", "gif")
_SHORT_SIDE_UNITS = 8.0

MEDIA_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "gif": "image/gif"}


@dataclass(frozen=True, slots=True)
class JobSpec:
    """Size in pixels, frames per second, file format and limits of one drawing.

    ``scene`` is the class to draw, None to find it; ``max_bytes`` bounds the file; ``seed`` makes random
    choices of the scene repeatable.
    """

    width: int
    height: int
    fps: int
    format: str = "mp4"
    scene: str | None = None
    max_bytes: int = 50_000_000
    seed: int = 0

    @classmethod
    def of(cls, options: RenderOptions, scene: str | None, max_bytes: int) -> JobSpec:
        """The spec for what a person wants: ``options.scene`` wins over ``scene``."""
        short, long = _SHORT_AND_LONG_SIDE[options.quality]
        width, height = {"16:9": (long, short), "9:16": (short, long), "1:1": (short, short)}[options.aspect]
        return cls(
            width=width,
            height=height,
            fps=_FPS[options.quality],
            format=options.format.value,
            scene=options.scene or scene,
            max_bytes=max_bytes,
        )

    @property
    def frame_width(self) -> float:
        """Width of the picture in Manim's units; the shorter side is always 8."""
        return _SHORT_SIDE_UNITS * self.width / min(self.width, self.height)

    @property
    def frame_height(self) -> float:
        """Height of the picture in Manim's units."""
        return _SHORT_SIDE_UNITS * self.height / min(self.width, self.height)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> JobSpec:
        """Read what :meth:`to_json` wrote; raises ValueError on anything else."""
        raw: Any = json.loads(text)
        if not isinstance(raw, dict):
            raise ValueError("a job spec is a JSON object")  # noqa: TRY004  # bad data, not a bad call
        try:
            spec = cls(**raw)
        except TypeError as error:
            raise ValueError(str(error)) from error
        numbers = (spec.width, spec.height, spec.fps, spec.max_bytes)
        if any(type(number) is not int or number <= 0 for number in numbers) or spec.format not in _FORMATS:
            raise ValueError(f"not a job spec: {text[:200]}")
        return spec
