"""How long a viewer needs, from the length of what is on screen. Seconds throughout."""

from __future__ import annotations

import re

_LETTERS_PER_SECOND = 19.0
_SIGNS_PER_SECOND = 13.0
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.|[{}\s^_&]")

SHORTEST = 0.9
LONGEST = 4.5
ANSWER_HOLD = 2.8


def words_time(words: str) -> float:
    """Time to read ``words``; 0 for none."""
    return len(words) / _LETTERS_PER_SECOND + 0.4 if words.strip() else 0.0


def formula_time(tex: str) -> float:
    """Time to take in a formula: commands count as one sign, braces and spaces as none."""
    signs = len(_COMMAND.sub("", tex)) + len(re.findall(r"\\[A-Za-z]{2,}", tex)) * 0.5
    return signs / _SIGNS_PER_SECOND + 0.3 if tex.strip() else 0.0


def reading_time(words: str = "", tex: str = "") -> float:
    """Time for words and formula together, never a flash and never a stall."""
    return min(max(words_time(words) + formula_time(tex), SHORTEST), LONGEST)
