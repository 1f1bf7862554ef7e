"""What the installed Manim offers: names, members, signatures, first lines of documentation.

Collected once per installed version by a process of its own (:mod:`botcore_manim.api.collect`), because
importing Manim costs seconds and 200 MB; the host reads the result from a file.
"""

from __future__ import annotations

from botcore_manim.api.index import ApiIndex, Callee, Member, Parameter
from botcore_manim.api.stored import load_index, loaded_index

__all__ = ["ApiIndex", "Callee", "Member", "Parameter", "load_index", "loaded_index"]
