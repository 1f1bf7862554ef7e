"""The whole way from a text to a solution: ``understand`` is cheap, ``solve`` belongs into a worker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from botcore_solver.classes import CLASSES
from botcore_solver.classes.problem_class import ProblemClass
from botcore_solver.outcome import Abstained, Solution, Status, Undefined
from botcore_solver.reading.sentence import read_sentence
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Note
from botcore_solver.wording import UNDEFINED, joined, sentence

WORDS = {
    "undefined": sentence("There is no answer: {why}."),
    "undefined_text": sentence("Undefined: {why}"),
    "nothing": sentence("I could not read this to the last word."),
    "example": sentence("This is close to what I can do: “{example}”."),
    "can": sentence(
        "I can do linear and quadratic equations, systems of two linear equations, derivatives, definite "
        "integrals, graphs, and arithmetic. For example: “{example}”."
    ),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A problem, and the class that read it."""

    by: ProblemClass[Any]
    problem: Any


def understand(text: str) -> Understood:
    """Read a message without SymPy. Raises :class:`Abstained` with advice for the student."""
    try:
        given = read_sentence(text)
    except Unreadable as error:
        raise Abstained(error.advice) from error
    refusal: tuple[ProblemClass[Any], Unreadable] | None = None
    for candidate in CLASSES:
        try:
            problem = candidate.read(given)
        except Unreadable as error:
            refusal = refusal or (candidate, error)
            continue
        if problem is not None:
            return Understood(candidate, problem)
    raise Abstained(_advice(given.line, refusal))


def solve(text: str) -> Solution:
    """Read, solve, check and explain. Raises :class:`Abstained`."""
    understood = understand(text)
    try:
        return understood.by.solve(understood.problem)
    except Undefined as undefined:
        return _undefined(understood, undefined.why)


def _undefined(understood: Understood, why: str) -> Solution:
    task = understood.by.task(understood.problem)
    return Solution(
        kind=understood.by.kind,
        status=Status.UNDEFINED,
        title=understood.by.title,
        task=task,
        answer=None,
        answer_text=WORDS["undefined_text"].filled(why=why),
        answer_tex=rf"\text{{{UNDEFINED}}}",
        script=(Note(WORDS["undefined"].filled(why=why)),),
    )


def _advice(text: str, refusal: tuple[ProblemClass[Any], Unreadable] | None) -> str:
    """What was not understood, and an example of the class that the text seems to be about."""
    about = _about(text)
    if refusal is not None and (refusal[0] is about or not re.search(r"[A-Za-z]{4,}", text)):
        return joined(" ", (refusal[1].advice, WORDS["example"].filled(example=refusal[0].examples[0])))
    if refusal is not None and about is not None:
        return joined(" ", (WORDS["nothing"], WORDS["example"].filled(example=about.examples[0])))
    return joined(" ", (WORDS["nothing"], WORDS["can"].filled(example=(about or CLASSES[-2]).examples[0])))


def _about(text: str) -> ProblemClass[Any] | None:
    """The class with the first of its words in the text."""
    lower = text.lower()
    hits = [
        (lower.find(topic), index) for index, c in enumerate(CLASSES) for topic in c.topics if topic in lower
    ]
    return CLASSES[min(hits)[1]] if hits else None
