"""Deep copies: most of what hangs on a mobject never changes, or is a plain array."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import svgelements
from manim import ManimColor, Mobject

_ATOMIC = frozenset({bool, bytes, complex, float, int, str, type(None), type, np.float64})
_PLAIN_KINDS = "biufc"


def install() -> None:
    """See :func:`botcore_manim.inside.faster.install`."""
    Mobject.__deepcopy__ = _copy_mobject
    # A colour has no method that changes it. A path of an SVG file is read once, when its mobject is made,
    # and then only carried along: copying its segments was most of the cost of copying a text.
    ManimColor.__deepcopy__ = _share
    svgelements.Path.__deepcopy__ = _share


def _share(self: Any, _memo: dict[int, Any]) -> Any:
    return self


def _copy_mobject(self: Any, memo: dict[int, Any]) -> Any:
    cls = self.__class__
    result = cls.__new__(cls)
    memo[id(self)] = result
    for name, value in self.__dict__.items():
        kind = type(value)
        if kind in _ATOMIC:
            copied = value
        elif kind is np.ndarray and value.dtype.kind in _PLAIN_KINDS:
            copied = memo.get(id(value))
            if copied is None:
                copied = memo[id(value)] = value.copy("K")
        else:
            copied = copy.deepcopy(value, memo)
        setattr(result, name, copied)
    result.original_id = str(id(self))
    return result
