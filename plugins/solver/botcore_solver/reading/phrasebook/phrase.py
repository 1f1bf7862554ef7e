"""What the phrase books of all languages share: the parts of a phrase, and the English that they make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

M = r"(?P<m>[^\s:].*?)"
"""The formula."""
V = r"(?P<v>[A-Za-z])(?![A-Za-z])"
"""A variable that is named in words."""
P = r"(?P<p>[A-Za-z]\s*=\s*[^\s=]+)"
"""A point: ``x = 3``."""
A = r"(?:[A-Za-z]\s*=\s*)?(?P<a>[^\s=:]{1,30})"
B = r"(?:[A-Za-z]\s*=\s*)?(?P<b>[^\s=:]{1,30})"
"""The ends of a range."""
INSIDE = r"[\[(]\s*(?P<c>[^\s=,;]{1,30})\s*[,;]\s*(?P<d>[^\s=,;]{1,30})\s*[\])]"
"""A range in brackets."""
S = r"(?:\s*:\s*|\s+)"
"""Between the words and the formula."""


def as_it_is(text: str) -> str:
    """Nothing to fold."""
    return text


def without_accents(text: str) -> str:
    """Letters without their accents; signs keep everything, for ``≠`` is no ``=``."""
    return "".join(
        unicodedata.normalize("NFD", c)[0] if unicodedata.category(c).startswith("L") else c for c in text
    )


def never(_formula: str) -> bool:
    """No formula is doubtful."""
    return False


def alone(letters: str) -> Callable[[str], bool]:
    """Whether one of ``letters`` (a class of :mod:`re`) stands between two formulas, where it is the word for
    “and” as well as a name."""
    between = re.compile(rf"(?<![-+*/^=(,;])\s+{letters}\s+(?![-+*/^=),;])", re.IGNORECASE)
    return lambda formula: between.search(formula) is not None


@dataclass(frozen=True, eq=False)
class Book:
    """The phrases of one language, the more special before the more general.

    A phrase is its kind (a key of :data:`_ENGLISH`) and a pattern over the whole sentence, in which a blank
    is any white space; ``fold`` is applied to the text first. ``courtesies`` are taken off both ends.
    """

    phrases: tuple[tuple[str, str], ...]
    courtesies: re.Pattern[str]
    fold: Callable[[str], str] = as_it_is
    ordinals: Mapping[str, str] = field(default_factory=dict)
    conjunction: re.Pattern[str] | None = None
    """“And” between two equations, where it can be nothing else."""
    doubtful: Callable[[str], bool] = never
    """Whether a formula may hold a word of the language."""


_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "solve": "solve{v}: {m}",
        "system": "solve the system {m}",
        "roots": "find the roots of {m}",
        "derivative": "{n}derivative of {m}{by}{p}",
        "slope": "slope of {m}{p}",
        "integral": "integrate {m}{by}{range}",
        "area": "area under {m}{range}",
        "plot": "plot {m}{range}",
        "compute": "calculate {m}",
        "percent": "what is {a}% of {m}",
    }
)


def english(kind: str, parts: Mapping[str, str], book: Book) -> str:
    """The English sentence of a phrase."""
    formula, variable = parts["m"], parts.get("v")
    if book.conjunction is not None and kind in ("solve", "system"):
        formula = book.conjunction.sub(" and ", formula)
    low, high = parts.get("a", parts.get("c", "")), parts.get("b", parts.get("d", ""))
    ordinal = book.ordinals.get(parts.get("n", "").lower(), "")
    return _ENGLISH[kind].format(
        m=formula,
        v=f" for {variable}" if variable else "",
        n=f"{ordinal} " if ordinal else "",
        by=f" with respect to {variable}" if variable else "",
        p=f" at {parts['p']}" if "p" in parts else "",
        a=low,
        range=f" from {low} to {high}" if high else "",
    )
