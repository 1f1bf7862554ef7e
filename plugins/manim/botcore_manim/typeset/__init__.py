"""LaTeX-free maths for all Manim code.

:func:`install` takes the place of manim's calls to LaTeX: ``MathTex``, ``Tex`` and everything built on them
are set by MathJax inside this process, in a few milliseconds and without a file. The mobjects have the
structure that manim expects of LaTeX: one submobject a glyph, grouped by the strings that made them.
"""

from .errors import EngineFault, MathOnly, TexError
from .seam import install

__all__ = ["EngineFault", "MathOnly", "TexError", "install"]
