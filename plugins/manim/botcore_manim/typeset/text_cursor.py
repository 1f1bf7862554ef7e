"""A place in a TeX source, and what can be read from there."""

from __future__ import annotations

import re
from dataclasses import replace

from .errors import TexError
from .text_style import Style

_SIGN = re.compile(r"\\[A-Za-z]+\*?|\\.|\$\$|[^\W_]+|---?|``|''|\n[ \t]*\n\s*|\s+|.", re.DOTALL)
_MARK = re.compile(r"\\special\s*\{dvisvgm:raw ([^{}]*)\}")
_GROUP = re.compile(r"<g id='([^']+)'>")


class Cursor:
    """Reads signs and arguments. Manim's marks change the groups of :attr:`style` wherever they stand."""

    def __init__(self, source: str, style: Style) -> None:
        self.style = style
        self._source = source
        self._at = 0

    def _next(self) -> str:
        found = _SIGN.match(self._source, self._at)
        if found is None:  # the last alternative matches any character
            raise AssertionError
        self._at = found.end()
        return found.group()

    def _find_closing(self, closing: str) -> int:
        """Past ``\\text{… $x$ …}``: only a closing sign outside braces counts."""
        depth = 0
        at = self._at
        while at < len(self._source):
            if depth <= 0 and self._source.startswith(closing, at):
                return at
            letter = self._source[at]
            if letter == "\\":
                at += 1
            depth += (letter == "{") - (letter == "}")
            at += 1
        raise TexError(f"Missing {closing} at the end of a formula", self._source)

    def _skip_space(self) -> None:
        while self._at < len(self._source) and self._source[self._at].isspace():
            self._at += 1

    def _argument(self, name: str) -> str:
        """The next argument, braces off; manim's marks before it take effect."""
        self._skip_space()
        while found := _MARK.match(self._source, self._at):
            self._mark(found[1])
            self._at = found.end()
            self._skip_space()
        if self._at >= len(self._source):
            raise TexError(f"Missing argument for \\{name}", self._source)
        if self._source[self._at] != "{":
            sign = self._next()
            if sign[0].isalnum():
                self._at -= len(sign) - 1
                sign = sign[0]
            return sign
        start = self._at + 1
        self._at = start
        end = self._find_closing_brace(start)
        self._at = end + 1
        return self._source[start:end]

    def _find_closing_brace(self, start: int) -> int:
        depth, at = 0, start
        while at < len(self._source):
            letter = self._source[at]
            if letter == "\\":
                at += 1
            elif letter == "{":
                depth += 1
            elif letter == "}":
                if depth == 0:
                    return at
                depth -= 1
            at += 1
        raise TexError("Missing close brace", self._source)

    def _optional(self) -> str | None:
        start = self._at
        while start < len(self._source) and self._source[start] in " \t\n":
            start += 1
        end = self._source.find("]", start)
        if start >= len(self._source) or self._source[start] != "[" or end < 0:
            return None
        self._at = end + 1
        return self._source[start + 1 : end]

    def _mark(self, text: str) -> None:
        found = _GROUP.search(text)
        if found:
            self.style = replace(self.style, groups=(*self.style.groups, found[1]))
        elif "</g>" in text:
            self.style = replace(self.style, groups=self.style.groups[:-1])

    def _marks_in(self, tex: str) -> None:
        for mark in _MARK.findall(tex):
            self._mark(mark)
