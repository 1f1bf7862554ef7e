"""Names of colours as LaTeX's xcolor means them."""

from __future__ import annotations

import re

BASE = {
    "black": (0, 0, 0),
    "blue": (0, 0, 255),
    "brown": (191, 128, 64),
    "cyan": (0, 255, 255),
    "darkgray": (64, 64, 64),
    "gray": (128, 128, 128),
    "green": (0, 255, 0),
    "lightgray": (191, 191, 191),
    "lime": (191, 255, 0),
    "magenta": (255, 0, 255),
    "olive": (128, 128, 0),
    "orange": (255, 128, 0),
    "pink": (255, 191, 191),
    "purple": (191, 0, 64),
    "red": (255, 0, 0),
    "teal": (0, 128, 128),
    "violet": (128, 0, 128),
    "white": (255, 255, 255),
    "yellow": (255, 255, 0),
}
"""xcolor's own names; CSS has other values for green, lime, orange, pink, purple, brown and more."""

_MIX = re.compile(r"(?P<first>[^!]+)!(?P<percent>\d+(?:\.\d*)?)(?:!(?P<second>[^!]+))?$")

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_FUNCTION = re.compile(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")

Rgb = tuple[float, float, float]


def hex_colour(name: str) -> str | None:
    """``#rrggbb`` for an xcolor name, a mix (``red!40!blue``), a hex value or ``rgb(1,2,3)``.

    ``None`` for an unknown one.
    """
    colour = _rgb(name.strip())
    return None if colour is None else "#" + "".join(f"{round(part):02x}" for part in colour)


def _rgb(name: str) -> Rgb | None:
    mix = _MIX.match(name)
    if mix is None:
        return BASE.get(name) or _css(name)
    first, second = _rgb(mix["first"]), _rgb(mix["second"] or "white")
    if first is None or second is None:
        return None
    share = min(float(mix["percent"]), 100.0) / 100
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(first, second, strict=True))
    return red, green, blue


def _css(name: str) -> Rgb | None:
    """``#rgb``, ``#rrggbb`` and ``rgb(…)``, which is how MathJax writes a colour of any other model."""
    if found := _FUNCTION.fullmatch(name):
        red, green, blue = (min(float(part), 255.0) for part in found.groups())
        return red, green, blue
    if not _HEX.fullmatch(name):
        return None
    digits = name[1:] if len(name) == 7 else "".join(2 * digit for digit in name[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
