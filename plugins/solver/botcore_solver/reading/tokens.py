"""Text → tokens. Letters become names here, digits become exact numbers; everything else is a sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from botcore_solver.reading.names import CONSTANTS, FUNCTIONS, split_run
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence

MAX_TOKENS = 250
MAX_DIGITS = 40

_NUMBER = re.compile(
    r"""
      (?P<thousands> [1-9]\d{0,2} (?: ,\d{3} )+ (?: \.\d+ )? (?![\d,]) )
    | (?P<european>  [1-9]\d{0,2} (?: \.\d{3} )+ ,\d+ (?![\d.,]) )
    | (?P<spaced>    [1-9]\d{0,2} (?: [ ]\d{3} )+ (?: [.,]\d+ )? (?! \d | [ ]*/[ ]*\d | [.,]\d ) )
    | (?P<plain>     \d+ (?: [.,]\d+ )? | \.\d+ )
    """,
    re.VERBOSE,
)
_SCIENTIFIC = re.compile(r"[eE][+-]?\d")
_SIGNS = ("**", "<=", ">=", "!=", *"+-*/^()[]{}|!%=<>'_,;:°")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: num, name (variable, function or constant), op, end. ``spaced``: a blank stood before."""

    kind: str
    text: str
    spaced: bool = False
    value: Fraction | None = None


def tokenize(text: str) -> list[Token]:
    """Tokens of a formula, ended by one of kind ``end``. Raises :class:`Unreadable`."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if len(tokens) >= MAX_TOKENS:
            raise Unreadable(sentence("That formula is too long for me. Send a shorter one."))
        spaced = at > 0 and text[at - 1].isspace()
        at = _one(text, at, spaced, tokens)
    tokens.append(Token("end", ""))
    return _times_signs(tokens)


def _one(text: str, at: int, spaced: bool, tokens: list[Token]) -> int:
    """Append the token or tokens that start at ``at``; returns where they end."""
    if number := _NUMBER.match(text, at):
        tokens.append(_number(number, text, spaced))
        return number.end()
    letter = text[at]
    if letter.isascii() and letter.isalpha():
        end = at
        while end < len(text) and text[end].isascii() and text[end].isalpha():
            end += 1
        tokens.extend(_names(text[at:end], spaced))
        return end
    sign = next((sign for sign in _SIGNS if text.startswith(sign, at)), None)
    if sign is None:
        raise Unreadable(sentence("I cannot read “{part}” in a formula.").filled(part=letter))
    tokens.append(Token("op", "^" if sign == "**" else sign, spaced))
    return at + len(sign)


def _number(found: re.Match[str], text: str, spaced: bool) -> Token:
    written = found.group()
    if sum(map(str.isdigit, written)) > MAX_DIGITS:
        raise Unreadable(
            sentence("That number has more than {most} digits, which is too long for me.").filled(
                most=MAX_DIGITS
            )
        )
    if _SCIENTIFIC.match(text, found.end()):
        raise Unreadable(sentence("Write powers of ten out, for example 2*10^3 instead of 2e3."))
    match found.lastgroup:
        case "thousands":
            plain = written.replace(",", "")
        case "european":
            plain = written.replace(".", "").replace(",", ".")
        case _:
            plain = written.replace(" ", "").replace(",", ".")
    return Token("num", plain, spaced, Fraction(plain))


def _names(run: str, spaced: bool) -> list[Token]:
    names = split_run(run)
    if names is None:
        raise Unreadable(sentence("I do not understand “{part}” there.").filled(part=run[:40]))
    return [Token("name", name, spaced and position == 0) for position, name in enumerate(names)]


def _times_signs(tokens: list[Token]) -> list[Token]:
    """``3 x 4``: an x with blanks around it between numbers is a times sign when no other x is left over."""
    places = [i for i, token in enumerate(tokens) if token.kind == "name" and token.text in ("x", "X")]
    if not places or not all(_between_numbers(tokens, i) for i in places):
        return tokens
    return [Token("op", "*", token.spaced) if i in places else token for i, token in enumerate(tokens)]


def _between_numbers(tokens: list[Token], i: int) -> bool:
    before, x, after = tokens[i - 1] if i else None, tokens[i], tokens[i + 1]
    if before is None or not (before.kind == "num" or before.text == ")"):
        return False
    digits_follow = after.kind == "num" or (after.text == "(" and after.spaced)
    return digits_follow and x.spaced == after.spaced and (x.spaced or before.kind == "num")


def is_function(name: str) -> bool:
    """Whether a name token's text names a function."""
    return name in FUNCTIONS.values()


def is_constant(name: str) -> bool:
    """Whether a name token's text names a constant."""
    return name in CONSTANTS.values()
