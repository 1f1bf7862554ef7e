"""One spelling for everything: Unicode signs, LaTeX, and words that stand for signs."""

from __future__ import annotations

import re
import unicodedata

from botcore_solver.reading.decoration import undecorated
from botcore_solver.reading.latex import from_latex
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence

MAX_CHARACTERS = 600

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‒﹣－", "-"),
        **dict.fromkeys("×·⋅∙•✕∗✖", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("‘’ʹ′`´", "'"),
        **dict.fromkeys('“”„«»"', " "),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u3000\t", " "),
        "″": "''",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "＝": "=",
        "π": " pi ",
        "∞": " infinity ",
        "ℯ": "e",
        "…": "...",
        "∣": "|",
        "\r": "\n",
    }
)
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸ"
_RAISED = str.maketrans(_SUPERSCRIPT, "0123456789+-()nxy")
_SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉"
_LOWERED = str.maketrans(_SUBSCRIPT, "0123456789")
_VULGAR = re.compile(r"(\d?)\s?([¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])")

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (r"\bplus\b", "+"),
        (r"\bminus\b", "-"),
        (r"\b(?:times|multiplied by)\b", "*"),
        (r"\bdivided by\b", "/"),
        (r"\s+squared\b", "^2"),
        (r"\s+cubed\b", "^3"),
        (r"\s+(?:raised )?to the power (?:of )?(?=[-\w(])", "^"),
        (r"\b(?:is equal to|equals to|equals|equal to|is the same as)\b", "="),
        (r"\b(?:the )?square root of\b", " sqrtof "),
        (r"\b(?:the )?(?:cube|cubic|third) root of\b", " cbrtof "),
        (r"\bper ?cent\b", "%"),
        (r"\bdegrees?\b", "°"),
        (r"==+", "="),
    )
)
_ROOT_WORD = re.compile(
    r"\b(sqrt|cbrt)of\s+(\d[\d.,]*(?![\d.,])|[a-z]\b|\([^()]*\))(?!\s*\^)(?!\s*[-+]\s*[\w(])", re.IGNORECASE
)
_ROOT_SIGN = {"√": "sqrt", "∛": "cbrt", "∜": "rootof[4]"}


def normalise(text: str) -> str:
    """The text in plain ASCII signs (``∫`` and ``±`` stay), line ends kept. Raises :class:`Unreadable`."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(
            sentence("I can read a problem of up to {most} characters. Send a shorter one.").filled(
                most=MAX_CHARACTERS
            )
        )
    text = _VULGAR.sub(_fraction, unicodedata.normalize("NFC", undecorated(text)))
    text = re.sub(f"[{_SUPERSCRIPT}]+", lambda run: f"^({run.group().translate(_RAISED)})", text)
    text = re.sub(f"[{_SUBSCRIPT}]+", lambda run: "_" + run.group().translate(_LOWERED), text)
    text = text.translate(_SIGNS)
    text = "".join(_plain_letter(letter) for letter in text)
    for sign, name in _ROOT_SIGN.items():
        text = text.replace(sign, f" {name} ")
    text = from_latex(text)
    text = _words(text)
    return re.sub(r"[ ]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


def _words(text: str) -> str:
    for pattern, sign in _WORDS:
        text = pattern.sub(f" {sign} " if not sign.startswith("^") else sign, text)
    text = re.sub(r"[A-Za-z]+", lambda word: _NUMBER_WORDS.get(word.group().lower(), word.group()), text)
    # "square root of 16 + 9" has two readings; one number, one letter or a bracket has one.
    text = _ROOT_WORD.sub(lambda found: f"{found.group(1)}({found.group(2)})", text)
    if re.search(r"\b(?:sqrt|cbrt)of\b", text):
        raise Unreadable(
            sentence("Write brackets around everything below the root, for example sqrt(16 + 9).")
        )
    return re.sub(r"%\s+of\b(?:\s+the\b)?", "% *", text, flags=re.IGNORECASE)


def _fraction(found: re.Match[str]) -> str:
    whole, sign = found.groups()
    above, _, below = unicodedata.normalize("NFKD", sign).partition("⁄")
    return f"{whole} {above}/{below}" if whole else f"({above}/{below})"


def _plain_letter(letter: str) -> str:
    """Full-width and styled letters become plain; what is invisible goes; what changes meaning is refused."""
    if letter == "\n" or (letter.isascii() and letter.isprintable()):
        return letter
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.digit(letter))
    if "\ufe00" <= letter <= "\ufe0f":
        return ""
    # A bar over x is not x, and an override shows another text than it holds.
    if category in ("Cc", "Co", "Cs", "Cn", "Mn") or letter in "\u202d\u202e":
        raise Unreadable(sentence("There are characters in it that I cannot read."))
    if category == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() else letter
