"""The user's text as a module, compiled under an honest name, with Manim's names to begin with."""

from __future__ import annotations

import ast
import linecache
import sys
from pathlib import Path
from types import CodeType, ModuleType

from botcore_manim.inside.faults import Fault, shorten

MODULE_NAME = "scene"
_BOM = "\ufeff"


def compile_text(text: str, filename: str) -> tuple[ast.Module, CodeType]:
    """Parse and compile. Raises :class:`Fault` ``code_syntax`` with line and column."""
    try:
        tree = ast.parse(text, filename)
        return tree, compile(tree, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        problem = shorten(error.msg or "invalid syntax")
        raise Fault("code_syntax", problem, line=error.lineno or 0, column=error.offset or 0) from None
    except ValueError as error:  # a null byte, before Python 3.12
        raise Fault("code_syntax", shorten(str(error))) from None
    except (RecursionError, MemoryError):
        raise Fault("code_syntax", "the code is nested too deeply") from None


def load(text: str, folder: Path) -> tuple[ast.Module, ModuleType]:
    """Write the text to ``folder``, run it as module ``scene`` and return its tree and its module.

    The file is there for what looks at source code (``inspect``, Manim's ``Code`` of its own file). What the
    text raises while it is run passes through.
    """
    path = folder / f"{MODULE_NAME}.py"
    text = text.removeprefix(_BOM)
    tree, code = compile_text(text, str(path))
    path.write_text(text, encoding="utf-8", errors="replace")
    module = ModuleType(MODULE_NAME)
    module.__file__ = str(path)
    _supply_manim(module)
    linecache.cache[str(path)] = (len(text), None, text.splitlines(keepends=True), str(path))
    sys.modules[MODULE_NAME] = module
    exec(code, vars(module))  # noqa: S102  # running it is the job; the sandbox is the wall
    return tree, module


def _supply_manim(module: ModuleType) -> None:
    """What ``from manim import *`` would do, without a line of its own in the text; its own imports win."""
    import manim

    public: dict[str, object] = {
        name: value for name, value in vars(manim).items() if not name.startswith("_")
    }
    vars(module).update(public)
