"""Names in mathematics: functions, constants, and how a run of letters falls apart into them."""

from __future__ import annotations

from functools import lru_cache

_ALIASES: dict[str, tuple[str, ...]] = {
    "sin": ("sin", "sine"),
    "cos": ("cos", "cosine"),
    "tan": ("tan", "tg", "tangent"),
    "cot": ("cot", "ctg", "cotg", "cotan"),
    "sec": ("sec",),
    "csc": ("csc", "cosec"),
    "asin": ("asin", "arcsin"),
    "acos": ("acos", "arccos"),
    "atan": ("atan", "arctan", "arctg", "atg"),
    "acot": ("acot", "arccot", "arcctg"),
    "sinh": ("sinh", "sh"),
    "cosh": ("cosh", "ch"),
    "tanh": ("tanh", "th"),
    "exp": ("exp",),
    "ln": ("ln",),
    "log": ("log",),
    "lg": ("lg",),
    "sqrt": ("sqrt",),
    "cbrt": ("cbrt",),
    "rootof": ("rootof",),
    "abs": ("abs",),
}
FUNCTIONS = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
"""Every spelling of a function's name, in lower case, and the name itself."""

CONSTANTS = {"pi": "pi", "e": "e", "infinity": "oo", "inf": "oo", "oo": "oo"}

_INVERSE = {"sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot"}

TRIGONOMETRIC = frozenset({"sin", "cos", "tan", "cot", "sec", "csc"})

# Runs of plain letters that are products and no words: "by" and "at" are not b·y and a·t.
_PRODUCTS = frozenset(
    {"xy", "xz", "yz", "xyz", "yx", "zx", "zy", "ab", "bc", "ac", "abc", "xt", "tx", "uv", "xx", "yy"}
    | {"ax", "bx", "cx", "kx", "mx", "nx", "px", "ay", "cy", "ky", "bz", "cz", "kt"}
)
_LONGEST = max(map(len, FUNCTIONS))


def inverse(name: str) -> str | None:
    """The function that ``name^-1`` means, e.g. ``asin`` for ``sin``."""
    return _INVERSE.get(name)


@lru_cache(maxsize=1024)
def split_run(run: str) -> tuple[str, ...] | None:
    """The names in a run of letters, e.g. ``xsin`` → (``x``, ``sin``); None for anything doubtful."""
    if len(run) == 1:
        return (run,)
    if len(run) > 24:
        return None
    lower = run.lower()
    if lower in FUNCTIONS:
        return (FUNCTIONS[lower],)
    if lower in CONSTANTS:
        return (CONSTANTS[lower],)
    if lower in _PRODUCTS:
        return tuple(run)
    return _split_mixed(lower)


def _split_mixed(run: str) -> tuple[str, ...] | None:
    """Functions and ``pi`` from the left, longest first, with single variables between them."""
    names: list[str] = []
    letters = functions = 0
    at = 0
    while at < len(run):
        for end in range(min(len(run), at + _LONGEST), at + 1, -1):
            piece = run[at:end]
            # Two-letter names inside a run are too easily parts of words: only the common ones count.
            if piece in FUNCTIONS and piece not in {"sh", "ch", "th", "tangent", "sine", "cosine"}:
                names.append(FUNCTIONS[piece])
                functions += 1
                at = end
                break
            if piece == "pi":
                names.append("pi")
                functions += 1
                at = end
                break
        else:
            if run[at] not in "xyztue":
                return None
            names.append(run[at])
            letters += 1
            at += 1
    if run == "xe" or (functions >= 1 and letters <= 2):
        return tuple(names)
    return None
