"""Names that come from nowhere: old ones, those of ManimGL, invented ones, modules without an import."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.habits import oldcalls
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import found
from botcore_manim.habits.palette import NAMED
from botcore_manim.habits.subject import Subject

CODE = "manim_name"

RENAMED = {
    "ShowCreation": "Create",
    "ShowCreationThenDestruction": "ShowPassingFlash",
    "ShowCreationThenFadeOut": "ShowPassingFlash",
    "ShowCreationThenFadeAround": "Circumscribe",
    "ShowCreationThenDestructionAround": "Circumscribe",
    "ShowPassingFlashAround": "Circumscribe",
    "ShowPassingFlashWithThinningStrokeWidthAround": "Circumscribe",
    "FlashAround": "Circumscribe",
    "Highlight": "Indicate",
    "WiggleOutThenIn": "Wiggle",
    "TurnInsideOut": "Indicate",
    "Draw": "Create",
    "VFadeIn": "FadeIn",
    "VFadeOut": "FadeOut",
    "Appear": "FadeIn",
    "Disappear": "FadeOut",
    "TextMobject": "Tex",
    "TexText": "Tex",
    "OldTexText": "Tex",
    "TexMobject": "MathTex",
    "OldTex": "MathTex",
    "Formula": "MathTex",
    "Latex": "MathTex",
    "SingleStringTexMobject": "SingleStringMathTex",
    "Text3D": "Text",
    "Label": "Text",
    "ParametricSurface": "Surface",
    "ParametricCurve": "ParametricFunction",
    "InteractiveScene": "Scene",
    "TeacherStudentsScene": "Scene",
    "GlowDot": "Dot",
    "GlowDots": "Dot",
    "VerticalLine": "Line",
    "HorizontalLine": "Line",
    "Segment": "Line",
    "LineSegment": "Line",
    "Box": "Rectangle",
    "Rect": "Rectangle",
    "Updater": "UpdateFromFunc",
    "Update": "UpdateFromFunc",
    "UpdateFromFunction": "UpdateFromFunc",
    "Cuboid": "Prism",
    "FRAME_WIDTH": "config.frame_width",
    "FRAME_HEIGHT": "config.frame_height",
    "FRAME_X_RADIUS": "config.frame_x_radius",
    "FRAME_Y_RADIUS": "config.frame_y_radius",
    "FRAME_RATE": "config.frame_rate",
    "ASPECT_RATIO": "config.aspect_ratio",
    "TL": "UL",
    "TR": "UR",
    "BL": "DL",
    "BR": "DR",
    "TOP_LEFT": "UL",
    "TOP_RIGHT": "UR",
    "BOTTOM_LEFT": "DL",
    "BOTTOM_RIGHT": "DR",
    "UP_LEFT": "UL",
    "UP_RIGHT": "UR",
    "DOWN_LEFT": "DL",
    "DOWN_RIGHT": "DR",
    "CENTER": "ORIGIN",
    "CENTRE": "ORIGIN",
    "ease_in": "rate_functions.ease_in_sine",
    "ease_out": "rate_functions.ease_out_sine",
    "ease_in_out": "smooth",
    "easeInOut": "smooth",
    "StarShape": "Star",
    "RegularPoly": "RegularPolygon",
    "LEFT_SIDE": "config.left_side",
    "RIGHT_SIDE": "config.right_side",
    "TOP": "config.top",
    "BOTTOM": "config.bottom",
    "DEG": "DEGREES",
    "RADIANS": "1",
    "pi": "PI",
    "tau": "TAU",
    "inf": "np.inf",
    "xrange": "range",
    "unicode": "str",
    "raw_input": "input",
}
"""What is called otherwise now, or is near enough to what was meant."""

NUMERIC = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "arctan2",
        "sinh",
        "cosh",
        "tanh",
        "exp",
        "log",
        "log2",
        "log10",
        "sqrt",
        "floor",
        "ceil",
        "sign",
        "array",
        "linspace",
        "arange",
        "zeros",
        "ones",
        "cross",
        "dot",
        "deg2rad",
        "rad2deg",
        "radians",
        "degrees",
        "cbrt",
        "hypot",
        "sinc",
        "clip",
    ]
)
"""Functions of NumPy that are written bare."""
_MATHS = {
    "asin": "np.arcsin",
    "acos": "np.arccos",
    "atan": "np.arctan",
    "atan2": "np.arctan2",
    "ln": "np.log",
}

_SCENES = frozenset({"play", "wait", "add", "remove", "camera", "clear", "renderer", "mobjects"})
"""Of a scene, and written without ``self`` now and then."""

_IMPORTS = {
    **{
        module: f"import {module}"
        for module in [
            "cmath",
            "colorsys",
            "collections",
            "copy",
            "datetime",
            "fractions",
            "functools",
            "heapq",
            "itertools",
            "json",
            "math",
            "numpy",
            "os",
            "operator",
            "pathlib",
            "random",
            "re",
            "scipy",
            "statistics",
            "string",
            "sympy",
            "sys",
            "textwrap",
            "time",
            "types",
            "typing",
        ]
    },
    "np": "import numpy as np",
    "it": "import itertools as it",  # what ManimGL exports
    "nx": "import networkx as nx",
    "norm": "from numpy.linalg import norm",
    "deepcopy": "from copy import deepcopy",
    "Path": "from pathlib import Path",
    "sp": "import sympy as sp",
    "factorial": "from math import factorial",
    "comb": "from math import comb",
    "gcd": "from math import gcd",
    "isqrt": "from math import isqrt",
    "Fraction": "from fractions import Fraction",
    "Decimal": "from decimal import Decimal",
    "partial": "from functools import partial",
    "reduce": "from functools import reduce",
    "lru_cache": "from functools import lru_cache",
    "combinations": "from itertools import combinations",
    "permutations": "from itertools import permutations",
    "cycle": "from itertools import cycle",
    "chain": "from itertools import chain",
    "product": "from itertools import product",
    "defaultdict": "from collections import defaultdict",
    "deque": "from collections import deque",
    "namedtuple": "from collections import namedtuple",
    "Counter": "from collections import Counter",
    "dataclass": "from dataclasses import dataclass",
    "randint": "from random import randint",
    "uniform": "from random import uniform",
    "shuffle": "from random import shuffle",
    **{
        name: f"from typing import {name}"
        for name in ["Any", "Callable", "Dict", "Iterable", "List", "Optional", "Sequence", "Tuple", "Union"]
    },
    "annotations": "from __future__ import annotations",
}
"""The import that a name is missing."""


def check(subject: Subject) -> Iterator[Finding]:
    """Every name that is read and bound nowhere."""
    if subject.scopes.dynamic:
        return
    code = subject.code
    missing: dict[str, ast.Name] = {}
    for node in code.all(ast.Name):
        if not isinstance(node.ctx, ast.Load) or not subject.scopes.is_undefined(node):
            continue
        line = _IMPORTS.get(node.id)
        if line is not None and line.split()[1].partition(".")[0] in subject.index.installed:
            missing.setdefault(line, node)
            continue
        holder = code.parent(node)
        if node.id in oldcalls.NAMES and isinstance(holder, ast.Call) and holder.func is node and holder.args:
            continue  # told, and mended with its arguments, over there
        yield _undefined(subject, node)
    if missing:
        yield _imports(subject, list(missing), next(iter(missing.values())))


def _undefined(subject: Subject, node: ast.Name) -> Finding:
    code, name = subject.code, node.id
    new = replacement(subject, node)
    if new is None:
        message = f"“{name}” is not defined: there is nothing of that name in Manim {subject.index.version}"
        return found(code, node, CODE, message, sure=True)
    message = f"“{name}” is not defined: write {new}"
    return found(code, node, CODE, message, code.replace(node, new), sure=True)


def replacement(subject: Subject, node: ast.Name) -> str | None:
    """What to write in place of an undefined name, when that is clear."""
    name, index = node.id, subject.index
    if _is_of_self(subject, node):
        return f"self.{name}"
    if name in RENAMED:
        return RENAMED[name]
    if name in NUMERIC:
        return f"np.{name}"
    if name in _MATHS:
        return _MATHS[name]
    if name in NAMED:
        return NAMED[name] if NAMED[name] in index.names else f'ManimColor("{NAMED[name]}")'
    if name in oldcalls.NAMES:
        return next((word for word in ("FadeIn", "FadeOut") if name.startswith(word)), None)
    easings = index.module("manim.utils.rate_functions") or frozenset()
    if name in easings:
        return f"rate_functions.{name}"
    near = closest(name, set(subject.scopes.visible(node)) - {name}, strict=True)
    if near is None:
        near = closest(name, index.names)
    if near is None and (easing := closest(name, easings)) is not None:
        return easing if easing in index.names else f"rate_functions.{easing}"
    if near is None:
        near = closest(name, [word for word in vars(builtins) if not word.startswith("_")], strict=True)
    return near


def _is_of_self(subject: Subject, node: ast.Name) -> bool:
    """Whether ``self.`` was forgotten: a method or an attribute of the class around has this name."""
    function, cls = subject.code.function(node), subject.code.cls(node)
    if function is None or cls is None or not any(arg.arg == "self" for arg in function.args.args):
        return False
    if node.id in subject.types.own_members(cls.name):
        return True
    return node.id in _SCENES and subject.is_scene(cls)


def _imports(subject: Subject, lines: list[str], at: ast.Name) -> Finding:
    """One finding for all imports that are missing, because they go to one place."""
    code = subject.code
    message = f"“{at.id}” is used without its import: write {' and '.join(lines)} at the top"
    return found(code, at, CODE, message, import_edit(subject, lines), sure=True)


def import_edit(subject: Subject, lines: list[str]) -> Edit:
    """Put lines of imports at the top, after a docstring and the imports of ``__future__``."""
    code = subject.code
    line = 1
    for statement in code.tree.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (docstring or future):
            break
        line = (statement.end_lineno or statement.lineno) + 1
    column = 1 if line == 1 and code.lines[0].startswith("\ufeff") else 0
    if line > len(code.lines):
        line, column = len(code.lines), len(code.lines[-1])
        return Edit(line, column, line, column, "\n" + "\n".join(lines) + "\n")
    return Edit(line, column, line, column, "\n".join(lines) + "\n")
