"""One job from the text to the finished file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manim import Scene

from botcore_manim.inside.faults import Fault, SceneStopped, describe
from botcore_manim.inside.finding import find_scene
from botcore_manim.inside.milestones import find_milestones
from botcore_manim.inside.pacing import keep_pace
from botcore_manim.inside.progress import Progress, count_animations
from botcore_manim.inside.settings import configure, enforce
from botcore_manim.inside.source import MODULE_NAME, load
from botcore_manim.inside.writing import Output, Report, StreamWriter
from botcore_manim.spec import JobSpec


def run(spec: JobSpec, source: str, report: Report, folder: Path | None = None) -> Path:
    """See :func:`botcore_manim.inside.run_scene`. Everything is written to ``folder``, or to a new one."""
    folder = folder or Path(tempfile.mkdtemp(prefix="scene-"))
    try:
        return _run(spec, source, report, folder)
    except BaseException as error:  # noqa: BLE001  # a scene may raise anything at all, SystemExit included
        report(describe(error, str(folder / f"{MODULE_NAME}.py")))
    raise SceneStopped


def _run(spec: JobSpec, source: str, report: Report, folder: Path) -> Path:
    configure(spec, folder)
    StreamWriter.output = Output(spec, folder, report, Progress(report, None, None))
    tree, module = load(source, folder)
    enforce(spec)
    wanted = find_scene(module, spec.scene)
    progress = Progress(report, count_animations(tree, wanted.__name__), find_milestones(tree, wanted))
    StreamWriter.output = Output(spec, folder, report, progress)
    scene = wanted()
    keep_pace(scene)
    scene.render()
    return _result(scene)


def _result(scene: Scene) -> Path:
    writer = scene.renderer.file_writer
    if not isinstance(writer, StreamWriter):
        raise Fault("video_missing", "the scene replaced the renderer")
    if not scene.renderer.num_plays and not scene.mobjects:
        raise Fault("video_missing", "the scene shows nothing")
    if writer.path is None:
        # every animation was skipped: what stands at the end is shown
        scene.renderer.static_image = None
        scene.renderer.update_frame(scene)
        writer.save_image(scene.renderer.get_frame())
    assert writer.path is not None  # noqa: S101  # a frame was written
    return writer.path
