"""What a model is asked about a picture, and what its answer is worth."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from botcore.errors import InputError, NoProblemInPicture
from botcore.intake.text import blank, plain
from botcore.model import Attachment, GenerationRequest, Prompt, RenderOptions, Source

VERSION = "picture-1"
TEXT = "text"
"""The language of a source that is nothing but words: no renderer has it, so no exact provider writes it."""
SECONDS = 60.0
"""How long all providers together may take."""
LONGEST = 1_000
"""Characters of a problem: what is longer is a page, and not one problem."""
_HINT = 500
"""Characters of a caption that are passed on."""

_NOTHING = re.compile(r"\W*none\W*", re.IGNORECASE)
_FENCE = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that can make a line look other than it is."""
_SPACE = re.compile(r"\s+")


def reading_request(picture: Attachment, caption: str, language: str) -> GenerationRequest:
    """The question what problem ``picture`` shows.

    :param caption: the words that came with it; a hint.
    :param language: of the person, a BCP 47 tag.
    """
    hint = caption.strip()[:_HINT]
    asked = "Which problem does this picture show?"
    if hint:
        asked += f"\n\nThe student's words:\n<words>\n{hint.replace('<', '‹')}\n</words>"

    def read(answer: str) -> Source:
        return Source(TEXT, answer, user_language=language)

    return GenerationRequest(
        problem=hint,
        language=TEXT,
        user_language=language,
        options=RenderOptions(),
        deadline=SECONDS,
        picture=picture,
        prompt=Prompt(VERSION, _system(), (asked,), read),
    )


def problem_in(answer: str, longest: int = LONGEST) -> str:
    """The problem in a model's answer, as one line that shows what it holds.

    :param longest: characters that a problem may have.
    :raises NoProblemInPicture: there is none, or more than one problem has.
    """
    try:
        words = plain(answer)
    except InputError:
        raise NoProblemInPicture("the answer holds control characters") from None
    fenced = _FENCE.match(words)
    words = _DIRECTION.sub("", fenced[1] if fenced else words)
    line = _SPACE.sub(" ", words).strip().strip('`"“”').strip()
    if blank(line) or _NOTHING.fullmatch(line) or len(line) > min(longest, LONGEST):
        raise NoProblemInPicture(f"{len(line)} characters")
    return line


@cache
def _system() -> str:
    return files("botcore.intake.pictures").joinpath("prompt.md").read_text(encoding="utf-8")
