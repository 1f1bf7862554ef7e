"""Emoji before and after a problem. They say how somebody feels, not what is to be solved."""

from __future__ import annotations

import re

# Faces, hands, hearts, stars and what lies on a desk. Things that can be counted stay: in “5 + 3 🍎” and
# “🍎 + 3 = 5” they are a part of the problem.
_FEELING = (
    "\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001fae0-\U0001faf8"
    "\U0001f440-\U0001f450\U0001f493-\U0001f49f\U0001f4a1-\U0001f4ac\U0001f4af\U0001f389\U0001f38a"
    "\U0001f393\U0001f4c8-\U0001f4cf\U0001f4d0-\U0001f4da\U0001f4dd\U0001f525\U0001f680\U0001f9d0"
    "\U0001f9d1-\U0001f9dd\U0001f9e0\U0001f9ee\u2600\u263a\u2705\u270a-\u270d\u270f\u2728\u2753-\u2755\u2757"
    "\u2763\u2764\u2b50\U0001f31f"
)
_JOINS = "\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u2640\u2642"
_RUN = rf"[{_FEELING}](?:[\s{_FEELING}{_JOINS}])*"
_BEFORE = re.compile(rf"^\s*{_RUN}")
_AFTER = re.compile(rf"{_RUN}$")
_SIGNS = tuple("-+*/^=<>(,×·÷−≤≥")


def undecorated(text: str) -> str:
    """``text`` without emoji at its two ends, unless a sign beside them makes them a part of a formula."""
    text = text.strip()
    rest = _BEFORE.sub("", text)
    if not rest.startswith(_SIGNS):
        text = rest
    rest = _AFTER.sub("", text).rstrip()
    return text if rest.endswith(_SIGNS) else rest
