"""What the solver says, in English where it is written and in every language of the bot where it is read.

A :class:`Said` is a string in English that knows the sentence it was made from, so that the
classes of problems, the rules and the reader need not know who will read them. :func:`spoken` says it in a
language, and :func:`spoken_tex` the words in a formula: whatever stands in ``\\text{…}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from botcore.languages import LANGUAGES, Catalogue, best

_CATALOGUE = Catalogue("botcore_solver")
_BETWEEN = {"ar": {"; ": "؛ "}}
"""Signs between sentences that a language writes in its own way."""
_FROM_THE_RIGHT = frozenset({"ar"})
_NEXT = r", \quad "
_HEADED = re.compile(r"^(\\text\{[^{}]*\}) \\; (.+)$")
"""``minimum (1, 2)``: a word about what follows it."""
_TEXT = re.compile(r"(?<=\\text\{)[^{}]+(?=\})")


class Said(str):
    """An English sentence with its placeholders filled, or several of them in a row."""

    __slots__ = ("_between", "_message", "_parts", "_values")

    _message: str
    _values: Mapping[str, object]
    _between: str
    _parts: tuple[str, ...]

    @classmethod
    def of(cls, message: str, values: Mapping[str, object]) -> Self:
        """``message`` with ``values`` for its ``{placeholders}``; a value may be said itself."""
        said = cls(message.format_map(values) if values else message)
        said._message, said._values, said._between, said._parts = message, values, "", ()
        return said

    @classmethod
    def row(cls, between: str, parts: Iterable[str]) -> Self:
        """``parts`` with ``between`` between them."""
        kept = tuple(parts)
        said = cls(between.join(kept))
        said._message, said._values, said._between, said._parts = "", {}, between, kept
        return said

    def filled(self, **values: object) -> Said:
        """The same sentence with its placeholders filled."""
        return Said.of(self._message, values)

    def into(self, language: str) -> str:
        """The sentence in ``language``, a BCP 47 tag."""
        if not self._message:
            between = _BETWEEN.get(best(language), {}).get(self._between, self._between)
            return between.join(spoken(part, language) for part in self._parts)
        values = {
            name: spoken(value, language) if isinstance(value, str) else value
            for name, value in self._values.items()
        }
        return _CATALOGUE.text(language, self._message, **values)


def sentence(english: str, /) -> Said:
    """An English sentence, perhaps with ``{placeholders}``; ``make catalogues`` finds it by this call."""
    return Said.of(english, {})


def joined(between: str, parts: Iterable[str]) -> Said:
    """Several sentences as one text."""
    return Said.row(between, parts)


def spoken(words: str, language: str) -> str:
    """``words`` in ``language`` where they are sentences of the solver; formulas stay as they are."""
    return words.into(language) if isinstance(words, Said) else words


def spoken_tex(tex: str, language: str) -> str:
    """A formula with the words in it in ``language``. Where one reads from the right, a word in front of its
    part of the formula goes behind it."""
    said = _TEXT.sub(lambda words: _CATALOGUE.text(language, words.group()), tex)
    if best(language) in _FROM_THE_RIGHT:
        return _NEXT.join(_HEADED.sub(r"\2 \\; \1", part) for part in said.split(_NEXT))
    return said


def read_catalogues() -> None:
    """Read all catalogues now, so that no answer has to wait for one."""
    for language in LANGUAGES:
        _CATALOGUE.text(language, OR)


OR = sentence("or")
OR_TEX = rf" \quad\text{{{OR}}}\quad "
"""Between two formulas: ``x = 1 or x = 2``."""
NO_SOLUTION = sentence("no solution")
UNDEFINED = sentence("undefined")


def either(choices: Sequence[str]) -> str:
    """One of several: ``x = 1 or x = 2``."""
    if len(choices) != 2:
        return ", ".join(choices)
    return sentence("{one} or {other}").filled(one=choices[0], other=choices[1])
