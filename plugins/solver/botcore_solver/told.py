"""A solution in the language of the person who reads it."""

from __future__ import annotations

from dataclasses import replace

from botcore_solver.outcome import Solution
from botcore_solver.scenes.beats import Beat, Line, Note, Phase, Say
from botcore_solver.wording import spoken, spoken_tex


def told(solution: Solution, language: str) -> Solution:
    """``solution`` with its words in ``language`` (BCP 47); formulas and ``answer`` stay as they are."""
    return replace(
        solution,
        title=spoken(solution.title, language),
        answer_text=spoken(solution.answer_text, language),
        answer_tex=spoken_tex(solution.answer_tex, language),
        closing=spoken(solution.closing, language),
        script=tuple(_beat(beat, language) for beat in solution.script),
    )


def _beat(beat: Beat, language: str) -> Beat:
    match beat:
        case Line(tex, why):
            return Line(spoken_tex(tex, language), spoken(why, language))
        case Say(words):
            return Say(spoken(words, language))
        case Note(words):
            return Note(spoken(words, language))
        case Phase(words):
            return Phase(spoken(words, language))
        case _:
            return beat
