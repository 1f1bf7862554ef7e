"""Manim's own work, done with less of it.

Every function here takes the place of one of Manim's and gives the same values, to the last bit: it counts
what Manim counts, in the same order of operations, only without doing it twice, one number at a time, or for
nothing. Whatever is out of the ordinary (a subclass with methods of its own, shapes that do not fit) is left
to Manim's function. Tests compare both, function by function and picture by picture.
"""

from __future__ import annotations

from botcore_manim.inside.faster import copies, drawing, families, geometry, space


def install() -> None:
    """Put all of them into Manim. Idempotent."""
    for part in (copies, drawing, families, geometry, space):
        part.install()
