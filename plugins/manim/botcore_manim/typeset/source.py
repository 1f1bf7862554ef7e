r"""TeX as scenes write it, made ready for MathJax: preambles, environments, letters that its font lacks."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from .errors import TexError

MATH_ENVIRONMENTS = frozenset(
    (
        "align",
        "alignat",
        "aligned",
        "displaymath",
        "eqnarray",
        "equation",
        "flalign",
        "gather",
        "gathered",
        "math",
        "multline",
    )
)
FORBIDDEN = frozenset(
    (
        "input",
        "include",
        "openin",
        "openout",
        "read",
        "readline",
        "write",
        "immediate",
        "includegraphics",
        "import",
        "subfile",
        "lstinputlisting",
        "verbatiminput",
        "bibliography",
        "InputIfFileExists",
        "IfFileExists",
        "require",
        "csname",
    )
)
"""Commands that would reach a file or load code. MathJax knows none of them; saying so is clearer than
'undefined'.
"""

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|(?:re)?newenvironment|DeclareMathOperator|[ge]?def|let|definecolor)"
    r"(?![A-Za-z])"
)
_PACKAGE = re.compile(r"\\usepackage\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}")
_ENVIRONMENT = re.compile(r"(?:\\begin)?\{?([A-Za-z]+)(\*?)\}?(.*)$", re.DOTALL)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\W_]+|.", re.DOTALL)
_HTML = re.compile(r"([\[{])HTML([\]}]\s*\{)([0-9A-Fa-f]{6})(?=\})")
_INLINE = re.compile(r"(\$[^$]*\$)")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


class Preamble(NamedTuple):
    """What a template defines for its formulas."""

    definitions: str
    physics: bool


class Environment(NamedTuple):
    r"""``\begin{name}arguments``."""

    name: str
    arguments: str
    math: bool

    def wrap(self, tex: str) -> str:
        """``tex`` inside the environment, on lines of its own: it may end in a comment."""
        return f"\\begin{{{self.name}}}{self.arguments}\n{tex}\n\\end{{{self.name}}}"


@functools.lru_cache(maxsize=64)
def preamble(body: str, placeholder: str) -> Preamble:
    """Definitions and the one package that changes the meaning of commands; fonts and layout are ignored."""
    before = body.partition(placeholder)[0] if placeholder else body
    packages = {name.strip() for group in _PACKAGE.findall(before) for name in group.split(",")}
    return Preamble(html_colours("".join(_definitions(before))), "physics" in packages)


def environment(text: str | None) -> Environment | None:
    """Read manim's ``tex_environment``: ``align*``, ``{tabular}{cc}``, ``minipage}{5cm`` and so on."""
    if text is None:
        return None
    found = _ENVIRONMENT.match(text.strip())
    if found is None:
        return Environment(text, "", False)
    name, star, arguments = found.groups()
    if arguments and not arguments.endswith(("}", "]")):
        arguments += "}"
    return Environment(name + star, arguments, name in MATH_ENVIRONMENTS)


def check(tex: str) -> None:
    """:raises TexError: the TeX reaches for a file, or holds what is no character of a text."""
    if _NO_TEXT.search(tex):
        raise TexError("it holds a control character", tex)
    for name in _COMMAND.findall(tex):
        if name in FORBIDDEN:
            raise TexError(f"\\{name} is not available here", tex)


def html_colours(tex: str) -> str:
    r"""``\textcolor[HTML]{FF0000}`` and the like in a model that MathJax knows."""
    if "HTML" not in tex:
        return tex
    return _HTML.sub(lambda found: f"{found[1]}RGB{found[2]}{_decimal(found[3])}", tex)


def _decimal(digits: str) -> str:
    return ",".join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4))


def outline_runs(tex: str, known: frozenset[str], runs: list[str], *, maths: bool) -> str:
    r"""Replace what MathJax's font cannot draw by ``\outlined{k}`` and note the text as ``runs[k]``.

    A run is a word. In a formula one of a right-to-left script goes on over spaces, digits and stops, since
    MathJax would put its words from left to right; in text the words of a line are ordered later.
    """
    if tex.isascii():
        return tex
    if maths:
        return _outlined(tex, known, runs, join=True)
    pieces = enumerate(_INLINE.split(tex))
    return "".join(_outlined(piece, known, runs, join=index % 2 == 1) for index, piece in pieces)


def _outlined(tex: str, known: frozenset[str], runs: list[str], *, join: bool) -> str:
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", tex))
    result: list[str] = []
    at = 0
    while at < len(tokens):
        end = _run_end(tokens, at, known, join=join)
        if end == at:
            result.append(tokens[at])
            at += 1
        else:
            result.append(rf"\outlined{{{len(runs)}}}")
            runs.append("".join(tokens[at:end]))
            at = end
    return "".join(result)


def _run_end(tokens: list[str], start: int, known: frozenset[str], *, join: bool) -> int:
    """The index after the run that begins at ``start``; ``start`` itself where none does."""
    end = start
    while end < len(tokens) and _is_word(tokens[end]):
        end += 1
    word = "".join(tokens[start:end])
    if not word or all(letter in known for letter in word):
        return start
    if not join or not is_right_to_left(word):
        return end
    reach = end
    while reach < len(tokens) and _joins(tokens[reach]):
        reach += 1
        if is_right_to_left(tokens[reach - 1]):
            end = reach
    return end


def _is_word(sign: str) -> bool:
    """Letters, and what belongs to them: marks, joiners, signs outside ASCII."""
    if sign[0] == "\\":
        return False
    return sign[0].isalnum() or (not sign.isascii() and not sign.isspace())


def _joins(sign: str) -> bool:
    return sign[0] != "\\" and (
        sign[0].isalnum() or sign.isspace() or sign in ".,:;!?()-/\"'" or not sign.isascii()
    )


def is_right_to_left(text: str) -> bool:
    """Does it hold a letter of a right-to-left script?"""
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def _definitions(text: str) -> Iterator[str]:
    for found in _DEFINITION.finditer(text):
        end = found.end()
        end = _after_definition(text, found.group(), end)
        yield text[found.start() : end] + " "


def _after_definition(text: str, command: str, at: int) -> int:
    """Where a definition ends: at the closing brace of its last argument."""
    if command == r"\let":
        found = re.compile(r"\s*\\[A-Za-z]+\s*=?\s*(?:\\[A-Za-z]+|\S)").match(text, at)
        return found.end() if found else at
    wanted = {r"\definecolor": 3, r"\def": 1, r"\gdef": 1, r"\edef": 1}.get(command, 2)
    if "environment" in command:
        wanted = 3
    first = re.compile(r"\*?\s*\\[A-Za-z]+").match(text, at)
    if first:
        at = first.end()
        wanted -= 1 if wanted > 1 else 0
    depth = 0
    while at < len(text) and wanted:
        letter = text[at]
        if letter == "\\":
            at += 1
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            wanted -= depth == 0
        at += 1
    return at
