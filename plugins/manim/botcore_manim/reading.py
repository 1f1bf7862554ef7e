"""From a language model's whole answer to the code in it.

Answers come with prose before and after, fences of any kind, fences in fences and in strings, several blocks,
HTML entities, line numbers, JSON around them. Nothing here judges the code: that is for the validators.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from dataclasses import dataclass
from itertools import islice

from botcore_manim.detect import detect
from botcore_manim.validators.parsing import Unparsable, parse

MAX_CHARACTERS = 200_000
"""Of an answer; what is longer is cut before it is looked at."""

_TAGS = frozenset({"", "python", "python3", "py", "py3", "manim", "manimce", "code", "plaintext", "text"})
_OTHER = frozenset({"markdown", "md"})
_FENCE = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<tag>[\w.+-]*)[^`\n]*$", re.MULTILINE)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_TAGGED = re.compile(
    r"<(code|answer|python|script)\b[^>\n]*>\s*\n(?P<body>.*?)(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
_NUMBERED = re.compile(r"^[ \t]*(\d{1,4})(?:[ \t]*[|:.)│][ \t]?|[ \t]{2}|$)")
_PROMPT = re.compile(r"^(?:>>> ?|\.\.\. ?)")
_SCENE = re.compile(r"^[ \t]*def[ \t]+construct\b", re.MULTILINE)
_CLASS = re.compile(r"^class[ \t]+(\w+)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+manim|import[ \t]+manim)", re.MULTILINE)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#39|#x27|nbsp);")
_STATED = re.compile(
    r"^[ \t]*(?:#+[ \t]*|\*\*)?answer(?:\*\*)?[ \t]*[:=][ \t]*(?:\*\*)?[ \t]*"
    r"(?P<answer>[^\n]{1,500}?)[ \t*]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SPACES = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": None, "\ufeff": None, "\u2060": None}
)
_TRIES = 12
"""Closing fences that are tried for one opening fence."""
_MOST_FENCES = 200
_DEEPEST = 3
_BUDGET = 2_000_000
"""Characters that are parsed at most in search of the code."""


@dataclass(frozen=True, slots=True)
class Read:
    """``code``: without anything around it, lines ended by ``\\n``; empty when there is none. ``stated``: the
    answer to the problem that the model stated on a line of its own (``ANSWER: …``), or None."""

    code: str
    stated: str | None


def read_answer(answer: str) -> Read:
    """What is in a model's answer. Raises nothing, whatever the text, and takes a second at the most."""
    text = answer[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    text = _THOUGHT.sub("\n", text)
    stated = _STATED.search(text)
    return Read(_Reader().code(_unwrapped(text)), stated["answer"].strip() if stated else None)


class _Reader:
    """Looks for the code in one answer. What it may try is bounded."""

    def __init__(self) -> None:
        self._left = _BUDGET

    def code(self, text: str, depth: int = 0) -> str:
        """The code in a text, tidied; empty when there is none."""
        blocks = self._blocks(text, depth)
        if blocks:
            return self._tidy(_chosen(blocks))
        tagged = _TAGGED.search(text)
        if tagged is not None and depth < _DEEPEST:
            return self.code(tagged["body"], depth + 1)
        first, _, rest = text.strip().partition("\n")
        if first.strip().lower() in _TAGS - {""}:
            text = rest
        code = self._tidy(text)
        if self._parses(code):
            return code if _SCENE.search(code) or detect(code) else ""
        return self._tidy(detect(code) or detect(text) or "")

    def _blocks(self, text: str, depth: int) -> list[str]:
        """The fenced blocks that may be Python, in their order."""
        found: list[str] = []
        fences = list(islice(_FENCE.finditer(text), _MOST_FENCES))
        place = 0
        while place < len(fences):
            opening = fences[place]
            body, place = self._block(text, fences, place)
            tag = opening["tag"].lower()
            around = tag in _OTHER or (
                not self._parses(body) and any(f["tag"] for f in _FENCE.finditer(body))
            )
            if around and depth < _DEEPEST:
                found += self._blocks(body, depth + 1) or ([] if tag in _OTHER else [body])
            elif tag in _TAGS and (tag or detect(body)):
                found.append(body)
        return found

    def _block(self, text: str, fences: list[re.Match[str]], place: int) -> tuple[str, int]:
        """What an opening fence encloses, and the number of the fence after it. A fence inside a string of
        the code does not end it: of several ends the first counts with which the block is Python."""
        opening = fences[place]
        start = opening.end() + 1
        ends = [
            number
            for number in range(place + 1, len(fences))
            if fences[number]["fence"].startswith(opening["fence"]) and not fences[number]["tag"]
        ]
        if ends and opening["tag"].lower() in _OTHER:
            return text[start : fences[ends[-1]].start()], ends[-1] + 1
        for number in ends[:_TRIES]:
            body = text[start : fences[number].start()]
            if self._parses(textwrap.dedent(body)):
                return body, number + 1
        if ends:
            return text[start : fences[ends[0]].start()], ends[0] + 1
        return text[start:], len(fences)

    def _tidy(self, code: str) -> str:
        code = textwrap.dedent(code).strip("\n")
        if not code.strip():
            return ""
        if not self._parses(code):
            code = _without_margin(code)
            if _ENTITY.search(code):
                code = html.unescape(code).translate(_SPACES)
        return textwrap.dedent(code).strip("\n") + "\n"

    def _parses(self, code: str) -> bool:
        self._left -= len(code)
        if self._left < 0:
            return False
        try:
            parse(code)
        except Unparsable:
            return False
        return True


def _unwrapped(text: str) -> str:
    """The longest text in an answer that is one JSON object."""
    stripped = text.strip()
    if not stripped.startswith("{"):
        return text
    try:
        found = json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return text
    texts = [value for value in found.values() if isinstance(value, str)] if isinstance(found, dict) else []
    return max(texts, key=len, default=text)


def _chosen(blocks: list[str]) -> str:
    """The block with the scene, together with those that belong to it."""
    scenes = [number for number, block in enumerate(blocks) if _SCENE.search(block)]
    if not scenes:
        return "\n".join(blocks)
    last = scenes[-1]
    names = [set(_CLASS.findall(blocks[number])) for number in scenes]
    if len(scenes) > 1 and _IMPORT.search(blocks[last]):
        # a corrected version comes last; of different scenes the longest is the one that was asked for
        repeated = any(names[-1] & other for other in names[:-1])
        return blocks[last] if repeated else max((blocks[number] for number in scenes), key=len)
    if _IMPORT.search(blocks[last]):
        return blocks[last]
    return "\n".join(block for block in blocks[: last + 1])


def _without_margin(code: str) -> str:
    """Without line numbers or the prompts of an interpreter, where every line has one."""
    lines = code.split("\n")
    numbers = [_NUMBERED.match(line) for line in lines if line.strip()]
    if len(numbers) > 2 and all(numbers):
        counted = [int(match[1]) for match in numbers if match]
        if counted == sorted(counted):
            return "\n".join(
                line[match.end() :] if (match := _NUMBERED.match(line)) else line for line in lines
            )
    if sum(1 for line in lines if _PROMPT.match(line)) > len(lines) // 2:
        return "\n".join(_PROMPT.sub("", line) for line in lines)
    return code
