r"""LaTeX's text mode: words, spaces, accents, fonts, sizes, colours, environments, inline formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from .colours import hex_colour
from .errors import MathOnly, TexError
from .source import MATH_ENVIRONMENTS
from .text_cursor import Cursor
from .text_items import (
    Begin,
    Box,
    Break,
    Cell,
    End,
    Formula,
    Item,
    Kern,
    ListItem,
    Paragraph,
    Rule,
    Run,
    Space,
    TableRule,
    Word,
)
from .text_lengths import length
from .text_style import Style, styled, switched
from .text_symbols import CHARACTERS, LETTERS, SKIPPED, SPACES, accented

TEXT_ENVIRONMENTS = {
    "center": 0,
    "flushleft": 0,
    "flushright": 0,
    "quote": 0,
    "quotation": 0,
    "verse": 0,
    "itemize": 0,
    "enumerate": 0,
    "description": 0,
    "minipage": 1,
    "tabular": 1,
    "tabular*": 2,
    "document": 0,
    "small": 0,
    "large": 0,
    "bfseries": 0,
    "itshape": 0,
}
"""Their number of arguments."""

_MATHS = {r"\(": r"\)", r"\[": r"\]", "$": "$", "$$": "$$"}
_DEPTH = 40


class TextParser(Cursor):
    """Reads one source once. Groups of manim may open and close anywhere, across braces too."""

    def __init__(self, source: str, style: Style | None = None, depth: int = 0) -> None:
        super().__init__(source, style or Style())
        self._items: list[Item] = []
        self._saved: list[Style] = []
        self._depth = depth
        if depth > _DEPTH:
            raise TexError("it is nested too deeply", source)

    def parse(self) -> list[Item]:
        """:raises TexError: a fault; :raises MathOnly: mathematics outside ``$``."""
        while self._at < len(self._source):
            self._step(self._next())
        if self._saved:
            raise TexError("Missing close brace", self._source)
        return self._items

    def _step(self, sign: str) -> None:
        if sign in _MATHS:
            self._formula(sign)
        elif sign[0] == "\\":
            self._command(sign[1:])
        elif sign.isspace():
            if "\n" in sign and sign.count("\n") > 1:
                self._items.append(Paragraph())
            else:
                self._space()
        elif sign == "{":
            self._saved.append(self.style)
        elif sign == "}":
            self._close()
        elif sign == "%":
            end = self._source.find("\n", self._at)
            self._at = len(self._source) if end < 0 else end + 1
        elif sign == "~":
            self._items.append(Kern(333.0 * self.style.size))
        elif sign == "&":
            self._items.append(Cell())
        elif sign in "^_#":
            raise MathOnly(f"'{sign}' is only for formulas: put it between $ and $", self._source)
        else:
            self._word(CHARACTERS.get(sign, sign) if self.style.family != "tt" else sign)

    def _word(self, text: str) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, Word) and last.style == self.style:
            self._items[-1] = Word(last.text + text, self.style)
        else:
            self._items.append(Word(text, self.style))

    def _space(self) -> None:
        last = self._items[-1] if self._items else None
        if not isinstance(last, Space | Break | Paragraph | Begin | Cell | ListItem | TableRule):
            self._items.append(Space(self.style, last.text[-1] if isinstance(last, Word) else ""))

    def _close(self) -> None:
        if not self._saved:
            raise TexError("Extra close brace or missing open brace", self._source)
        self.style = replace(self._saved.pop(), groups=self.style.groups)

    # -- formulas
    # ------------------------------------------------------------------------------------------------

    def _formula(self, opening: str) -> None:
        closing = _MATHS[opening]
        end = self._find_closing(closing)
        tex = self._source[self._at : end]
        self._at = end + len(closing)
        self._add_formula(tex, display=opening in (r"\[", "$$"))

    def _add_formula(self, tex: str, *, display: bool) -> None:
        if tex.strip():
            self._items.append(Formula(tex, display, self.style))
        self._marks_in(tex)

    # -- commands
    # ------------------------------------------------------------------------------------------------

    def _command(self, name: str) -> None:
        if name.isalpha() or name.endswith("*"):
            self._skip_space()
        handler = self._HANDLERS.get(name.rstrip("*") if name[0].isalpha() else name)
        switch = switched(self.style, name)
        argument_style = styled(self.style, name)
        if handler is not None:
            handler(self)
        elif switch is not None:
            self.style = switch
        elif argument_style is not None:
            self._items += self._inside(self._argument(name), argument_style)
        elif name in SPACES:
            self._items.append(Kern(SPACES[name] * self.style.size))
        elif name in LETTERS:
            self._word(LETTERS[name])
        elif accented(name, "a") is not None and (not name.isalpha() or len(name) == 1):
            self._accent(name)
        elif name in SKIPPED:
            for _ in range(SKIPPED[name]):
                self._argument(name)
        else:
            raise MathOnly(f"\\{name} is not known in text; a formula belongs between $ and $", self._source)

    def _inside(self, source: str, style: Style) -> list[Item]:
        """Parse an argument; the groups that it opens or closes stay so."""
        inner = TextParser(source, replace(style, groups=self.style.groups), self._depth + 1)
        items = inner.parse()
        self.style = replace(self.style, groups=inner.style.groups)
        return items

    def _accent(self, name: str) -> None:
        base = self._argument(name)
        letter = {r"\i": "i", r"\j": "j"}.get(base.strip(), base.strip())
        self._word(accented(name, letter) or letter)

    def _special(self) -> None:
        text = self._argument("special")
        if text.startswith("dvisvgm:raw "):
            self._mark(text)

    def _break(self) -> None:
        if self._at < len(self._source) and self._source[self._at] == "*":
            self._at += 1
        skip = self._optional()
        self._items.append(Break(length(skip) if skip else 0.0))

    def _colour_switch(self) -> None:
        self.style = replace(self.style, colour=self._colour("color"))

    def _coloured(self) -> None:
        colour = self._colour("textcolor")
        self._items += self._inside(self._argument("textcolor"), replace(self.style, colour=colour))

    def _colour(self, command: str) -> str | None:
        model = self._optional()
        name = self._argument(command)
        if model is not None:
            name = _from_model(model.strip(), name)
        colour = hex_colour(name)
        if colour is None:
            raise TexError(f"there is no colour {name}", self._source)
        return None if colour == "#000000" else colour

    def _boxed(self, name: str, kind: str) -> None:
        items = self._inside(self._argument(name), self.style)
        self._items.append(Box(tuple(items), self.style, kind))

    def _filled(self) -> None:
        colour = self._colour("colorbox") or "#000000"
        items = self._inside(self._argument("colorbox"), self.style)
        self._items.append(Box(tuple(items), self.style, "fill", fill=colour))

    def _shifted(self, name: str, lift: float) -> None:
        small = replace(self.style, size=self.style.size * 0.7)
        items = self._inside(self._argument(name), small)
        self._items.append(Box(tuple(items), small, "plain", lift=lift * self.style.size))

    def _raised(self) -> None:
        lift = length(self._argument("raisebox"))
        items = self._inside(self._argument("raisebox"), self.style)
        self._items.append(Box(tuple(items), self.style, "plain", lift=lift))

    def _distance(self) -> None:
        self._items.append(Kern(length(self._argument("hspace"))))

    def _rule(self) -> None:
        lift = length(self._optional() or "0pt")
        width, height = length(self._argument("rule")), length(self._argument("rule"))
        self._items.append(Rule(width, height, lift, self.style))

    def _vertical(self) -> None:
        self._items.append(Break(length(self._argument("vspace"))))

    def _link(self) -> None:
        self._argument("href")
        self._items += self._inside(self._argument("href"), self.style)

    def _typed(self, name: str) -> None:
        text = self._argument(name)
        self._items.append(Word(text, replace(self.style, family="tt")))

    def _verbatim(self) -> None:
        end = self._source.find(self._source[self._at], self._at + 1) if self._at < len(self._source) else -1
        if end < 0:
            raise TexError(r"\verb is not closed", self._source)
        text = self._source[self._at + 1 : end]
        self._at = end + 1
        self._items.append(Word(text.replace(" ", "\u00a0"), replace(self.style, family="tt")))

    def _outlined(self) -> None:
        self._items.append(Run(int(self._argument("outlined")), self.style))

    def _list_item(self) -> None:
        label = self._optional()
        items = None if label is None else tuple(self._inside(label, self.style))
        self._items.append(ListItem(items, self.style))

    def _partial_rule(self) -> None:
        first, _, last = self._argument("cline").partition("-")
        if not (first.strip().isdecimal() and last.strip().isdecimal()):
            raise TexError(r"\cline takes columns as in 1-2", self._source)
        self._items.append(TableRule(int(first), int(last)))

    def _begin(self) -> None:
        name = self._argument("begin")
        if name.rstrip("*") in MATH_ENVIRONMENTS:
            closing = rf"\end{{{name}}}"
            end = self._source.find(closing, self._at)
            if end < 0:
                raise TexError(rf"\begin{{{name}}} has no {closing}", self._source)
            body = self._source[self._at : end]
            self._at = end + len(closing)
            inline = name.rstrip("*") == "math"
            self._add_formula(body if inline else rf"\begin{{{name}}}{body}{closing}", display=not inline)
            return
        if name not in TEXT_ENVIRONMENTS:
            raise TexError(f"the environment {name} is not known", self._source)
        self._optional()
        arguments = tuple(self._argument("begin") for _ in range(TEXT_ENVIRONMENTS[name]))
        self._saved.append(self.style)
        self.style = switched(self.style, name) or self.style
        self._items.append(Begin(name, arguments, self.style))

    def _end(self) -> None:
        name = self._argument("end")
        self._close()
        self._items.append(End(name))

    _HANDLERS: ClassVar[dict[str, Callable[[TextParser], None]]] = {
        "special": _special,
        "\\": _break,
        "newline": _break,
        "linebreak": _break,
        "par": lambda self: self._items.append(Paragraph()),
        "color": _colour_switch,
        "textcolor": _coloured,
        "colorbox": _filled,
        "underline": lambda self: self._boxed("underline", "underline"),
        "uline": lambda self: self._boxed("uline", "underline"),
        "fbox": lambda self: self._boxed("fbox", "frame"),
        "framebox": lambda self: self._boxed("framebox", "frame"),
        "centerline": lambda self: self._boxed("centerline", "plain"),
        "mbox": lambda self: self._boxed("mbox", "plain"),
        "hbox": lambda self: self._boxed("hbox", "plain"),
        "text": lambda self: self._boxed("text", "plain"),
        "textsuperscript": lambda self: self._shifted("textsuperscript", 363.0),
        "textsubscript": lambda self: self._shifted("textsubscript", -150.0),
        "raisebox": _raised,
        "hspace": _distance,
        "rule": _rule,
        "vspace": _vertical,
        "href": _link,
        "url": lambda self: self._typed("url"),
        "verb": _verbatim,
        "outlined": _outlined,
        "item": _list_item,
        "hline": lambda self: self._items.append(TableRule()),
        "cline": _partial_rule,
        "toprule": lambda self: self._items.append(TableRule()),
        "midrule": lambda self: self._items.append(TableRule()),
        "bottomrule": lambda self: self._items.append(TableRule()),
        "begin": _begin,
        "end": _end,
        "ensuremath": lambda self: self._add_formula(self._argument("ensuremath"), display=False),
        " ": _space,
        "\n": _space,
    }


def _from_model(model: str, values: str) -> str:
    parts = [part.strip() for part in values.split(",")]
    if model == "HTML":
        return f"#{values.strip()}"
    if model == "gray":
        parts *= 3
    scale = 1.0 if model == "RGB" else 255.0
    try:
        return "rgb({},{},{})".format(*(round(float(part) * scale) for part in parts))
    except (ValueError, IndexError):
        return values
