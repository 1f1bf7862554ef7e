"""SymPy and mpmath, imported when they are first used: reading a problem must not cost seconds."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mpmath as mp
    import sympy as sp
else:

    def _lazily(name):
        """The module, loaded at the first look into it (the recipe of :mod:`importlib`)."""
        if name in sys.modules:
            return sys.modules[name]
        spec = importlib.util.find_spec(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    sp = _lazily("sympy")
    mp = _lazily("mpmath")

__all__ = ["mp", "sp"]
