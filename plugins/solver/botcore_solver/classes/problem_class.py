"""What a class of problems is. One class is one file here and one line in :mod:`botcore_solver.classes`."""

from __future__ import annotations

from typing import Protocol, TypeVar

from botcore_solver.outcome import Solution
from botcore_solver.reading.sentence import Sentence

P = TypeVar("P")


class ProblemClass(Protocol[P]):
    """Reads its kind of sentence into a problem of its own type, and solves that.

    ``read`` runs in the bot's own process: no SymPy, no work worth mentioning. ``solve`` runs in a worker
    process that is killed when it takes too long.
    """

    kind: str
    title: str
    """What is asked for, in words: the heading where a solution has none of its own."""
    examples: tuple[str, ...]
    """Sentences that it understands, the simplest first: what a student is shown when nothing fits, in
    their language."""
    topics: tuple[str, ...]
    """Words by which a sentence that nobody understood is about this class."""

    def read(self, given: Sentence) -> P | None:
        """The problem; None when the sentence is not this kind at all.

        Raises :class:`~botcore_solver.reading.unreadable.Unreadable` when it is this kind, but not
        understood to the last word.
        """
        ...

    def task(self, problem: P) -> str:
        """The problem as it was read, in LaTeX."""
        ...

    def solve(self, problem: P) -> Solution:
        """Solve, check, explain.

        Raises :class:`~botcore_solver.outcome.Abstained` or :class:`~botcore_solver.outcome.Undefined`.
        """
        ...
