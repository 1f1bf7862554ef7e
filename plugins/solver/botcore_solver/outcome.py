"""What solving a problem gives: a :class:`Solution`, or one of two exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from botcore_solver.scenes.beats import Beat, Line


class Status(StrEnum):
    """How a problem ended, as ``botcore solve --json`` says it."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    NO_SOLUTION = "no_solution"
    ALL_REALS = "all_reals"
    UNDEFINED = "undefined"


class Abstained(Exception):
    """No certain answer. ``advice`` is a sentence for the student, said by :mod:`~botcore_solver.wording`."""

    def __init__(self, advice: str) -> None:
        self.advice = advice
        super().__init__(advice)


class Undefined(Exception):
    """The expression has no value. ``why`` completes the sentence “This is undefined, because …”."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the derivation: ``tex`` is LaTeX, ``why`` a sentence that may hold ``$TeX$``."""

    tex: str
    why: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A checked answer with everything that the lesson shows.

    ``answer`` is in SymPy syntax: a set for several roots, a list in variable order for a system, None where
    there is none. ``script`` holds the beats of the lesson in order; its lines are the steps.
    """

    kind: str
    status: Status
    title: str
    task: str
    """The problem as it was read, in LaTeX."""
    answer: str | None
    answer_text: str
    answer_tex: str
    closing: str = ""
    """Words under the answer box."""
    script: tuple[Beat, ...] = field(default=())

    @property
    def steps(self) -> tuple[Step, ...]:
        """The derivation without its pictures, from the task on."""
        lines = (Step(beat.tex, beat.why) for beat in self.script if isinstance(beat, Line))
        return (Step(self.task, ""), *lines)
