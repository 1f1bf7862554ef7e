"""The plainest video there is: a model gives the steps as data, and the program is written here.

It is asked for when programs of its own did not work. Nothing in such a program can fail but a formula, and
for that there is :func:`plainer`, which shows the steps in words on one still picture.
"""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from botcore.errors import SourceError
from botcore.model import Source
from botcore_manim.prompt.plain_tex import plain_tex

_MARK = "# outline: "
_LONGEST = 60_000
"""Characters of an answer that are looked at."""


class OutlineUnreadable(SourceError):
    """The answer is not the JSON that was asked for."""

    code = "outline_unreadable"
    text = "The outline of the video cannot be read."


def _one_line(text: object) -> object:
    if not isinstance(text, str):
        return text
    visible = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text.encode("utf-8", "replace").decode())
    return " ".join(visible.split())


Words = Annotated[str, Field(max_length=300), BeforeValidator(_one_line)]
Tex = Annotated[str, Field(max_length=400), BeforeValidator(_one_line)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class OutlineStep(_Part):
    """One line of the solution: a formula, and why it holds."""

    tex: Tex = ""
    why: Words = ""


class Outline(_Part):
    """A solution as data. ``answer`` is TeX, ``checkable`` the same in SymPy syntax or empty."""

    title: Words = Field(min_length=1)
    task: Tex = ""
    steps: tuple[OutlineStep, ...] = Field(min_length=1, max_length=12)
    answer: Tex = ""
    answer_words: Words = ""
    checkable: Words = ""


ASKED = """
No program this time: the machine writes it. Answer with the solution as one JSON object and nothing else:

{"title": "words, at most 40 characters", "task": "the task in TeX or empty",
 "steps": [{"tex": "one line of the solution in TeX, or empty", "why": "words: why it follows"}],
 "answer": "the result in TeX, or empty", "answer_words": "words about it, or empty",
 "checkable": "the result in SymPy syntax as in the first line of a program, or empty"}

3 to 8 steps. TeX is maths mode without dollars, plain amsmath; in words, formulas stand between dollars.
Every backslash is written twice, because it is JSON.
"""


def read_outline(answer: str) -> Outline:
    """The outline in a model's answer, with or without a fence and words around it.

    :raises OutlineUnreadable: there is none.
    """
    text = answer[:_LONGEST]
    start, end = text.find("{"), text.rfind("}")
    try:
        return Outline.model_validate(_loads(text[start : end + 1]))
    except (ValueError, RecursionError, ValidationError) as error:
        raise OutlineUnreadable(f"{type(error).__name__}: {str(error)[:200]}") from error


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except ValueError:
        # \frac and its like with one backslash: no escape of JSON, or the wrong one
        return json.loads(re.sub(r'(?<!\\)((?:\\\\)*)\\(?!["\\/])', r"\1\\\\", text), strict=False)


def lesson_of(outline: Outline) -> str:
    """The program of a lesson that shows ``outline``; it holds the outline too, see :func:`plainer`."""
    title = f"{outline.title!r}, {outline.task!r}" if outline.task else repr(outline.title)
    lines = [f"self.title({title})"]
    for step in outline.steps:
        if step.tex:
            lines.append(f"self.step({step.tex!r}, {step.why!r})")
        elif step.why:
            lines.append(f"self.note({step.why!r})")
    if outline.answer:
        lines.append(f"self.answer({outline.answer!r}, {outline.answer_words!r})")
    elif outline.answer_words:
        lines.append(f"self.note({outline.answer_words!r})")
    return _program(outline, "from botcore_manim.lesson import *", "Lesson", lines)


def plainer(source: Source) -> Source | None:
    """``source`` as one still picture with the worked text, for when its video cannot be drawn; None when it
    was not made of an outline, or is that picture already."""
    mark = re.search(rf"^{_MARK}(.*)$", source.code, re.MULTILINE)
    if mark is None or "class StillPicture" in source.code:
        return None
    try:
        outline = Outline.model_validate_json(mark[1])
    except ValidationError:
        return None
    return replace(source, code=_still(outline), scene=None)


def _still(outline: Outline) -> str:
    written = [_wrapped(part, 60) for step in outline.steps for part in (step.why, step.tex) if part]
    result = " ".join(part for part in (outline.answer, outline.answer_words) if part)
    lines = [
        f"title = Text({_wrapped(outline.title, 40)!r}, font_size=44, weight=BOLD)",
        f"steps = VGroup(*[Text(line, font_size=30) for line in {written!r}])",
        "steps.arrange(DOWN, aligned_edge=LEFT, buff=0.3)",
        "page = VGroup(title, steps)",
    ]
    if result:
        lines.append(f"page.add(Text({_wrapped(result, 50)!r}, font_size=36, color=GREEN))")
    lines += [
        "page.arrange(DOWN, buff=0.6)",
        "page.scale(min(1, (config.frame_width - 1) / page.width, (config.frame_height - 1) / page.height))",
        "self.add(page)",
        f"self.wait({_reading_time(written, result):.0f})",
    ]
    return _program(outline, "from manim import *", "Scene", lines, name="StillPicture")


def _reading_time(written: list[str], result: str) -> float:
    """Seconds: a slow reader's, in a language that is not theirs."""
    return min(40.0, 4.0 + 0.08 * (sum(map(len, written)) + len(result)))


def _wrapped(text: str, columns: int) -> str:
    """Plain text in lines of so many signs; never empty, because Manim takes no empty text."""
    return textwrap.fill(plain_tex(text), columns) or "·"


def _program(outline: Outline, start: str, base: str, lines: list[str], *, name: str = "Solution") -> str:
    # JSON in ASCII is one line whatever the words hold
    kept = json.dumps(outline.model_dump())
    body = "\n".join(f"        {line}" for line in lines)
    answer = outline.checkable or "none"
    return (
        f"# answer: {answer}\n{_MARK}{kept}\n{start}\n\n\nclass {name}({base}):\n"
        f"    def construct(self):\n{body}\n"
    )
