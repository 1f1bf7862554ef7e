"""What runs in the job process: the user's scene, the encoder, the look at the finished file.

Everything here works behind the walls of :mod:`botcore_manim.sandbox`; nothing here is a wall, and nothing
that it says is believed by the host. It never imports the framework, which is not bound into the sandbox.

``warm`` is called once in the zygote; the others in processes forked from it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botcore_manim.inside.faults import SceneStopped
from botcore_manim.spec import JobSpec

if TYPE_CHECKING:
    from botcore_manim.typeset.seam import Mode

__all__ = ["Report", "SceneStopped", "probe", "run_scene", "shrink", "warm"]

Report = Callable[[dict[str, Any]], None]
"""Takes one JSON-ready line for the host."""


def warm(latex: Mode = "mathjax") -> None:
    """Import and prepare all that a job needs, and leave the process with one thread.

    :param latex: ``mathjax`` typesets formulas without a LaTeX installation, ``system`` leaves that to
        Manim's own way.
    """
    from botcore_manim.inside.warming import warm as prepare

    prepare(latex)


def run_scene(spec: JobSpec, source: str, report: Report) -> Path:
    """Draw the scene of ``source``; returns the finished file in the temporary folder.

    Tells progress and layout findings to ``report`` on the way. A failure of the scene is reported once as
    ``{"k": "failed", "code": …, "line": …, "problem": …}`` and then raised as :class:`SceneStopped`.
    """
    from botcore_manim.inside.running import run

    return run(spec, source, report)


def probe(video_fd: int, thumb_fd: int) -> dict[str, Any]:
    """Describe the file behind ``video_fd`` by decoding it; write a picture of it to ``thumb_fd``.

    Returns container, codec, pixel_format, media_type, width and height (px), duration (s), frames, size
    (bytes). Raises ValueError when it is no playable video within the bounds of
    :mod:`botcore_manim.inside.probing`.
    """
    from botcore_manim.inside.probing import probe as look

    return look(video_fd, thumb_fd)


def shrink(video_fd: int, max_bytes: int) -> Path | None:
    """Encode the MP4 behind ``video_fd`` again; returns a file of at most ``max_bytes`` in the temporary
    folder, None when it cannot be that small.
    """
    from botcore_manim.inside.shrinking import shrink as encode_again

    return encode_again(video_fd, max_bytes)
