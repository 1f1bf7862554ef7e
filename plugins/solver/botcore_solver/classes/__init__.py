"""The classes of problems. A new one is one file in this folder and one line in :data:`CLASSES`."""

from __future__ import annotations

from typing import Any

from botcore_solver.classes.arithmetic import Arithmetic
from botcore_solver.classes.derivative import Derivative
from botcore_solver.classes.equation import Equation
from botcore_solver.classes.integral import Integral
from botcore_solver.classes.plot import Plot
from botcore_solver.classes.problem_class import ProblemClass
from botcore_solver.classes.system import System

CLASSES: tuple[ProblemClass[Any], ...] = (
    Derivative(),
    Integral(),
    Plot(),
    System(),
    Equation(),
    Arithmetic(),
)
"""In the order in which they are asked: the more words a class needs, the earlier it comes."""
