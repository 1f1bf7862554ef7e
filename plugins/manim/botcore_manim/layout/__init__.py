"""Looks at what a scene shows while it plays, and tells what a viewer would complain about.

Four things: text that leaves the frame, text on text, a line through text, text too small for a phone. See
:mod:`botcore_manim.layout.rules` for what is deliberately let pass.
"""

from __future__ import annotations

from botcore_manim.layout.rules import Finding, examine
from botcore_manim.layout.watch import install

__all__ = ["Finding", "examine", "install"]
