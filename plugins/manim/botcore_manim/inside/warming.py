"""What a zygote does once, so that every job forked from it starts at once."""

from __future__ import annotations

import gc
import importlib
import linecache
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botcore_manim.spec import JobSpec

if TYPE_CHECKING:
    from botcore_manim.typeset.seam import Mode

_LAZY_IMPORTS = (
    "PIL.PngImagePlugin",
    "botcore_manim.inside.probing",
    "botcore_manim.lesson",
    "PIL.JpegImagePlugin",
    "fractions",
    "pygments.formatters.html",
    "pygments.lexers.python",
    "pygments.styles.default",
    "pygments.styles.monokai",
    "pygments.styles.vim",
    "scipy.special",
    "wave",
)
"""What Manim and common scenes import only when they need it."""

_PRACTICE = """
class Practice(Scene):
    def construct(self):
        words = Text("Practice 0123456789 x² + y = ∫ α", font_size=30)
        axes = Axes(x_range=[0, 1, 1], y_range=[0, 1, 1], x_length=2, y_length=2)
        self.play(Write(words), Create(axes), run_time=0.1)
        self.play(Transform(words, Circle()), FadeOut(axes), run_time=0.1)
        self.wait(0.1)
"""


def warm(latex: Mode) -> None:
    """See :func:`botcore_manim.inside.warm`."""
    warnings.filterwarnings("ignore", category=SyntaxWarning, module="pydub")
    import manim
    import tqdm

    # a progress bar that shows nothing starts a thread all the same; a zygote must have one thread to fork
    tqdm.tqdm.monitor_interval = 0
    manim.config.verbosity = "ERROR"
    for name in _LAZY_IMPORTS:
        importlib.import_module(name)
    from botcore_manim import layout, typeset
    from botcore_manim.inside import patches

    typeset.install(latex)
    patches.install()
    layout.install(_tell)
    _practise()
    # everything alive now stays for good: forked jobs share its pages, and no collection walks over it
    gc.collect()
    gc.freeze()
    # a scene makes and drops mobjects by the thousand: looking for cycles less often saves 5 % of its CPU
    gc.set_threshold(20_000, 20, 50)


def _tell(finding: dict[str, Any]) -> None:
    """To the host of whichever scene is drawn in this process."""
    from botcore_manim.inside.writing import StreamWriter

    StreamWriter.output.report({"k": "finding", **finding})


def _practise() -> None:
    """Draw a small scene: what is compiled, cached and found on first use then is so for every job.

    The scene's process-wide traces (configuration, the module) are taken back.
    """
    from manim import tempconfig

    from botcore_manim.inside.running import run
    from botcore_manim.inside.source import MODULE_NAME

    def no_report(_: dict[str, Any]) -> None:
        pass

    spec = JobSpec(width=320, height=180, fps=10)
    with tempfile.TemporaryDirectory() as folder, tempconfig({}):
        run(spec, _PRACTICE, no_report, Path(folder))
    del sys.modules[MODULE_NAME]
    linecache.clearcache()
