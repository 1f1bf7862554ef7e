"""Lessons: scenes that place, size, wrap and pace themselves.

``from botcore_manim.lesson import *`` gives :class:`Lesson` and the functions of school maths for scalars
(``log`` is the natural logarithm). See docs/lesson.md.
"""

from __future__ import annotations

from numpy import (
    arccos as acos,
)
from numpy import (
    arcsin as asin,
)
from numpy import (
    arctan as atan,
)
from numpy import (
    cbrt,
    cos,
    cosh,
    e,
    exp,
    inf,
    log,
    log2,
    log10,
    pi,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from botcore_manim.lesson.scene import Lesson

__all__ = [
    "Lesson",
    "acos",
    "asin",
    "atan",
    "cbrt",
    "cos",
    "cosh",
    "e",
    "exp",
    "inf",
    "log",
    "log2",
    "log10",
    "pi",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
]
