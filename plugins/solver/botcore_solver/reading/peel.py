"""Taking known words off both ends of a sentence, until only the formula is left."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"([A-Za-z]+(?:'[A-Za-z]+)?)(?=[\s:;,.]|$)[\s:;,.]*")
_OPERATOR_NEXT = re.compile(r"\s*[-+*/^=(\[|!%<>]")
_LAST = re.compile(
    r"(?P<rest>.*?)(?P<glue>[\s,;:.]+|^)(?P<word>[A-Za-z]+(?:'[A-Za-z]+)?)(?P<equals>\s*=)?\s*[,;:.]*",
    re.DOTALL,
)


def words(text: str) -> frozenset[str]:
    """A set of words, from a line of them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Peeled:
    """``rest``: what no known word covers; ``seen``: the words taken off; ``asked``: letters asked for."""

    rest: str
    seen: frozenset[str]
    asked: tuple[str, ...]


def peel(text: str, head: frozenset[str], tail: frozenset[str], askers: frozenset[str]) -> Peeled:
    """Take words of ``head`` off the front and of ``tail`` off the end.

    A single letter goes with them when one of ``askers`` stands before it ("solve for x", "find x") and no
    formula begins with it.
    """
    rest, seen, asked = _front(text, head, askers)
    rest, more_seen, more_asked = _back(rest, tail, askers)
    return Peeled(
        rest.strip(" \n\t,;:."), frozenset(seen | more_seen), tuple(dict.fromkeys(asked + more_asked))
    )


def _front(text: str, words: frozenset[str], askers: frozenset[str]) -> tuple[str, set[str], list[str]]:
    seen: set[str] = set()
    asked: list[str] = []
    last = ""
    text = text.lstrip()
    while found := _WORD.match(text):
        word = found.group(1).lower()
        after = text[found.end() :]
        named = len(word) == 1 and last in askers and after and not _formula_follows(found.group(), after)
        if named:
            asked.append(found.group(1))
        elif len(word) > 1 and word in words:
            seen.add(word)
        else:
            break
        # "x and y", "x, y": the word that asked still holds for the second letter.
        last = last if named or (word == "and" and asked) else word
        text = after
    return text, seen, asked


def _formula_follows(word: str, after: str) -> bool:
    """Whether the letter is the first one of a formula: an operator follows it, without a colon or comma."""
    return not set(":,;") & set(word) and _OPERATOR_NEXT.match(after) is not None


def _back(text: str, words: frozenset[str], askers: frozenset[str]) -> tuple[str, set[str], list[str]]:
    seen: set[str] = set()
    asked: list[str] = []
    while found := _LAST.fullmatch(text):
        word = found.group("word").lower()
        if len(word) == 1:
            if not _asked_for(found, askers):
                break
            asked.insert(0, found.group("word"))
        elif word in words and found.group("rest"):
            seen.add(word)
        else:
            break
        text = found.group("rest")
    return text, seen, asked


def _asked_for(found: re.Match[str], askers: frozenset[str]) -> bool:
    """Whether the letter at the end is a question ("…, x", "… x =", "… for x") and no part of the formula."""
    if not found.group("rest"):
        return False
    before = _LAST.fullmatch(found.group("rest"))
    leads = before is not None and before.group("word").lower() in askers | {"and"}
    return leads or bool(found.group("equals")) or any(mark in found.group("glue") for mark in ",;")
