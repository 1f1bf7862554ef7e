"""Code that does not parse, mended where one small change makes the parser come further.

Each round looks at the first error and tries the changes that fit its kind; the one after which the parser
comes furthest is kept. Code that stops in its middle is never completed: half a scene is no scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice

from botcore.model import Edit
from botcore_manim.validators.parsing import Unparsable, parse

_ROUNDS = 40
_LONGEST_LINE = 2_000
_BUDGET = 1_000_000
"""Characters that are parsed at most while changes are tried: half a second's work. The parser keeps the
interpreter to itself, 25 ms at a time in 50,000 characters, so that everybody else waits for each try."""
_END = (1 << 30, 0)
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "＂": '"', "＇": "'"}
)
_SIGNS = {
    **dict.fromkeys("−–—", "-"),
    **dict.fromkeys("×·∗", "*"),
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "π": "PI",
    "（": "(",
    "）": ")",
    "，": ",",
    "：": ":",
    "；": ";",
    "…": "...",
    "²": "**2",
    "³": "**3",
}
_HEADER = re.compile(r"^\s*(?:class|def|for|while|if|elif|else|try|except|finally|with)\b")
_PROSE = re.compile(
    r"^\s*(?:[*#>•-]+\s*\S|\d+[.)]\s|`{3}|~{3}"
    r"|[A-Z][\w'’,-]*(?:\s+[\w'’“”\"(),-]+){2,}[.:!?…]?\s*$"
    r"|[A-Z]\w*(?:\s+\w+)*[:.!]\s*$)"
)
"""A line that is a sentence, a heading or an item of a list."""
_KEYWORD_COLON = re.compile(r"(?<![\w.])([a-z_]\w*)\s*:(?=\s*[\w\"'(\[-])")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>:+*/%-])=(?!=)")
_BEFORE_KEYWORD = re.compile(r",\s*[a-z_]\w*\s*=")

Lines = list[str]


def mend(code: str) -> str | None:
    """The code after the changes that make it Python, or None when there are none that do."""
    lines = code.split("\n")
    if max(map(len, lines)) > _LONGEST_LINE:
        return None
    error, tries = _error(lines), _BUDGET // max(len(code), 1)
    for _ in range(_ROUNDS):
        if error is None:
            return "\n".join(lines)
        here = _position(error)
        if _is_cut_off(lines, error):
            return None
        best: tuple[tuple[int, int], Lines, Unparsable | None] | None = None
        for candidate in islice(_candidates(lines, error), max(tries, 0)):
            tries -= 1
            after = _error(candidate)
            place = _END if after is None else _position(after)
            if place > here and (best is None or place > best[0]):
                best = place, candidate, after
        if best is None:
            return None
        _, lines, error = best
    return None


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """The edits, line by line, that make the one text of the other."""
    before, after = old.split("\n"), new.split("\n")
    edits = []
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        text = "\n".join(after[new_start:new_end])
        if end < len(before):
            edits.append(Edit(start + 1, 0, end + 1, 0, f"{text}\n" if new_end > new_start else ""))
        else:
            # the last line has no end of its own: what goes or comes there takes the one before it along
            line, column = (
                (start + 1, 0) if start == 0 or kind == "replace" else (start, len(before[start - 1]))
            )
            lead = "\n" if kind == "insert" else ""
            edits.append(Edit(line, column, len(before), len(before[-1]), f"{lead}{text}"))
    return tuple(edits)


def _error(lines: Lines) -> Unparsable | None:
    try:
        parse("\n".join(lines))
    except Unparsable as error:
        return error
    return None


def _position(error: Unparsable) -> tuple[int, int]:
    return error.line, error.column


def _is_cut_off(lines: Lines, error: Unparsable) -> bool:
    """Whether the text ends where a bracket or a string is still open."""
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=0)
    message = error.problem
    open_end = "never closed" in message or "unterminated" in message or "unexpected EOF" in message
    return bool(open_end and error.line >= last)


def _candidates(lines: Lines, error: Unparsable) -> Iterator[Lines]:
    number = error.line
    if not 1 <= number <= len(lines):
        return
    line, message = lines[number - 1], error.problem

    def with_line(*new: str) -> Lines:
        return [*lines[: number - 1], *new, *lines[number:]]

    for new in _characters(line):
        yield with_line(new)
    if "indent" in message or "tabs" in message:
        yield from _indentation(lines, number, message)
    if "expected ':'" in message or (_HEADER.match(line) and not line.rstrip().endswith(":")):
        yield with_line(_before_comment(line, ":"))
    if "never closed" in message or "forgot a comma" in message or "invalid syntax" in message:
        yield from _brackets(lines, number, error)
    if "unmatched" in message or "does not match" in message:
        column = max(error.column - 1, 0)
        yield with_line(line[:column] + line[column + 1 :])
    if "unterminated" in message:
        yield from _strings(lines, number)
    stripped = line.strip()
    if stripped.startswith("print "):
        head = line[: len(line) - len(line.lstrip())]
        yield with_line(f"{head}print({stripped[6:].strip()})")
    column = max(error.column - 1, 0)
    for match in _KEYWORD_COLON.finditer(line):
        yield with_line(f"{line[: match.start()]}{match[1]}={line[match.end() :].lstrip()}")
    if _HEADER.match(line):
        for match in _SINGLE_EQUALS.finditer(line):
            yield with_line(f"{line[: match.start()]}=={line[match.end() :]}")
    if ";" in line:
        place = line.index(";")
        yield with_line(line[:place] + line[place + 1 :])
    if _PROSE.match(line):
        yield with_line(_commented(line))
    before = lines[number - 2] if number > 1 else ""
    if _PROSE.match(before):
        yield [*lines[: number - 2], _commented(before), *lines[number - 1 :]]


def _commented(line: str) -> str:
    head = line[: len(line) - len(line.lstrip())]
    return f"{head}# {line.strip()}"


def _before_comment(line: str, text: str) -> str:
    code, mark, comment = line.partition("  #")
    return f"{code.rstrip()}{text}{mark}{comment}"


def _characters(line: str) -> Iterator[str]:
    """Quotes and signs of typesetting where Python's are meant."""
    if line.isascii():
        return
    straight = line.translate(_QUOTES)
    for text in dict.fromkeys((straight, line)):
        new = _signs(text)
        if new != line:
            yield new


def _signs(line: str) -> str:
    """Outside strings and comments."""
    found, quote, place = [], "", 0
    while place < len(line):
        sign = line[place]
        if quote:
            if sign == "\\":
                found.append(line[place : place + 2])
                place += 2
                continue
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return "".join(found) + line[place:]
        else:
            sign = _SIGNS.get(sign, sign)
        found.append(sign)
        place += 1
    return "".join(found)


def _indentation(lines: Lines, number: int, message: str) -> Iterator[Lines]:
    line = lines[number - 1]
    above = next((text for text in reversed(lines[: number - 1]) if text.strip()), "")
    indent = above[: len(above) - len(above.lstrip())]
    for width in (8, 4):
        if any("\t" in text for text in lines):
            yield [text.expandtabs(width) for text in lines]
    if "\t" in line:
        yield [*lines[: number - 1], indent + line.lstrip(), *lines[number:]]
    if "expected an indented block" in message:
        head = f"{indent}    "
        yield [*lines[: number - 1], f"{head}pass", *lines[number - 1 :]]
        yield [*lines[: number - 1], head + line.lstrip(), *lines[number:]]
        return
    deeper = f"{indent}    " if above.rstrip().endswith(":") else indent
    yield [*lines[: number - 1], deeper + line.lstrip(), *lines[number:]]


def _brackets(lines: Lines, number: int, error: Unparsable) -> Iterator[Lines]:
    line = lines[number - 1]
    if not line.strip():
        return
    # the bracket may have been left open on a line before the one that the parser stumbles over
    for place in range(number, max(number - 3, 0), -1):
        text = lines[place - 1]
        open_ones = _open_brackets(text)
        if open_ones and not text.rstrip().endswith((",", "(", "[", "{")):
            yield [*lines[: place - 1], _before_comment(text, open_ones), *lines[place:]]
        elif open_ones and text.rstrip().endswith(",") and place == number:
            yield [*lines[: place - 1], text.rstrip().rstrip(",") + open_ones, *lines[place:]]
    column = max(error.column - 1, 0)
    for match in re.finditer(r"(?<=[\w\"')\]}])\s+(?=[\w\"'(\[{])", line):
        if match.end() >= column:
            yield [*lines[: number - 1], f"{line[: match.start()]}, {line[match.end() :]}", *lines[number:]]


def _open_brackets(line: str) -> str:
    """The brackets that would close those that are open at the end of the line."""
    closing = {"(": ")", "[": "]", "{": "}"}
    waiting, quote, escaped = [], "", False
    for sign in line:
        if quote:
            escaped = sign == "\\" and not escaped
            if sign == quote and not escaped:
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            break
        elif sign in closing:
            waiting.append(closing[sign])
        elif waiting and sign == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def _strings(lines: Lines, number: int) -> Iterator[Lines]:
    line = lines[number - 1]
    quote = _open_quote(line)
    if not quote:
        return
    if number < len(lines) and quote in lines[number]:
        yield [*lines[: number - 1], f"{line}\\n{lines[number].lstrip()}", *lines[number + 1 :]]
    start = line.rindex(quote)
    places = [match.start() for match in _BEFORE_KEYWORD.finditer(line, start)]
    places += [place for place in range(start + 1, len(line)) if line[place] in "),]"]
    for place in [*places, len(line.rstrip())]:
        yield [*lines[: number - 1], f"{line[:place]}{quote}{line[place:]}", *lines[number:]]


def _open_quote(line: str) -> str:
    quote, escaped = "", False
    for sign in line:
        if quote:
            if sign == quote and not escaped:
                quote = ""
            escaped = sign == "\\" and not escaped
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            break
    return quote
