"""From a model's answer to a source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from botcore.errors import ProviderRefused, SourceError
from botcore.model import Source
from botcore_manim.prompt.outline import lesson_of, read_outline
from botcore_manim.prompt.patches import apply_patches, read_patches
from botcore_manim.reading import read_answer

_REFUSED = re.compile(r"\A[\s`*]*REFUSED:[ \t]*(?P<advice>[^\n]*)")
_ANSWER = re.compile(
    r"^[ \t]*#[ \t]*answer[ \t]*:[ \t]*(?P<answer>\S.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_LONGEST_ADVICE = 300
_LONGEST_ANSWER = 500
"""Characters."""


class ProgramMissing(SourceError):
    """A model answered with something else."""

    code = "program_missing"
    text = "There is no program in the answer."


class NothingToDraw(ProviderRefused):
    """The model says so, in the person's language."""

    code = "nothing_to_draw"
    text = "{advice}"


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads an answer into a source that is like ``draft`` but for its code and the answer that it states.

    ``patches``: the model was shown ``draft.code`` and may send changes to it instead of a program.
    ``outline``: it was asked for no program, but for the solution as data.
    """

    draft: Source
    patches: bool = False
    outline: bool = False

    def __call__(self, answer: str) -> Source:
        """The source in a model's whole answer.

        :raises NothingToDraw: the model says that there is nothing to draw.
        :raises SourceError: there is no program in it, or a change that does not fit.
        """
        refused = _REFUSED.match(answer)
        if refused is not None:
            raise NothingToDraw(advice=refused["advice"].strip("`* ")[:_LONGEST_ADVICE])
        code = self._code(answer.replace("\r\n", "\n"))
        return Source(
            language=self.draft.language,
            code=code,
            problem=self.draft.problem,
            user_language=self.draft.user_language,
            answer=stated_answer(code),
            plain=self.outline,
        )

    def _code(self, answer: str) -> str:
        if self.outline:
            return lesson_of(read_outline(answer))
        patches = read_patches(answer) if self.patches else []
        if patches:
            return apply_patches(self.draft.code, patches)
        code = read_answer(answer).code
        if not code:
            raise ProgramMissing(f"{len(answer)} characters without a program")
        return code


def stated_answer(code: str) -> str | None:
    """The answer that a program states in its comment, None when it states none."""
    match = _ANSWER.search(code)
    if match is None or match["answer"].lower() == "none" or len(match["answer"]) > _LONGEST_ANSWER:
        return None
    return match["answer"]
