"""Is a message Manim code, and which part of it? No line of it is run, and Manim is not imported."""

from __future__ import annotations

import re
import textwrap

_TAGS = frozenset({"python", "python3", "py", "py3", "manim", "manimce"})

_FENCE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<tag>[\w.+-]*+)[^\n`]*+\n"
    r"(?P<body>.*?)(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)

_DECISIVE = re.compile(
    r"^[ \t]*(?:from[ \t]+(?:manim|manimlib|botcore_manim)\b[\w.]*[ \t]+import\b"
    r"|import[ \t]+(?:manim|manimlib)\b"
    r"|class[ \t]+\w+[ \t]*\([^()\n]{0,120}(?:Scene|Lesson)\b[^()\n]{0,120}\))",
    re.MULTILINE,
)
"""Lines that nobody writes in a maths problem; one is enough."""

_STRONG = re.compile(
    r"[ \t]*(?:from[ \t]+[\w.]+[ \t]+import[ \t]+[\w*(]"
    r"|import[ \t]+[a-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+)*[ \t]*(?:#.*)?$"
    r"|class[ \t]+\w+[ \t]*(?:\(.*\))?[ \t]*:[ \t]*(?:#.*)?$"
    r"|(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(.*"
    r"|(?:self|np|numpy)\.\w+[ \t]*[(=]"
    r"|@\w[\w.]*(?:\(.*\))?[ \t]*$"
    r"|(?:for|while|if|with)[ \t].+:[ \t]*(?:#.*)?$"
    r"|print[ \t]*\(.*\)[ \t]*(?:#.*)?$)"
)
"""Lines of Python; two of them, or one in a block marked as Python, are enough."""

_WEAK = re.compile(
    r"(?:#|\"\"\"|'''|[)\]}]|[A-Za-z_][\w.\[\]]*[ \t]*(?::[ \t]*\w+[ \t]*)?=[^=]|[A-Za-z_][\w.]*\()"
)
"""Lines that may stand at the left margin between lines of code."""


def detect(text: str) -> str | None:
    """The Python code in a message, without fences and the prose around it; None when it is no code.

    Line ends become ``\\n`` and a byte order mark goes. Broken code is code all the same: what is wrong with
    it is for the validators to say. A formula or a problem in words is never code.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = [(match["tag"].lower(), match["body"]) for match in _FENCE.finditer(text)]
    if blocks:
        codes = [body for tag, body in blocks if _is_block_of_code(tag, body)]
        return _tidy(max(codes, key=_worth)) if codes else None
    return _tidy(_without_prose(text)) if _is_code(text) else None


def _is_block_of_code(tag: str, body: str) -> bool:
    if tag in _TAGS:
        return _DECISIVE.search(body) is not None or any(map(_STRONG.match, body.split("\n")))
    return not tag and _is_code(body)


def _is_code(text: str) -> bool:
    if _DECISIVE.search(text):
        return True
    lines = text.split("\n")
    strong = [index for index, line in enumerate(lines) if _STRONG.match(line)]
    # prose may have one such line by chance ("if x > 0:"); code has several, and lines that depend on them
    indented = any(line.startswith((" ", "\t")) and line.strip() for line in lines)
    return len(strong) >= 3 or (len(strong) == 2 and indented)


def _worth(code: str) -> tuple[bool, int]:
    """A block with a scene beats one without; then the longer one."""
    return "construct" in code, len(code)


def _without_prose(text: str) -> str:
    lines = text.split("\n")
    code = [index for index, line in enumerate(lines) if _DECISIVE.match(line) or _STRONG.match(line)]
    first, last = code[0], code[-1]
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    depth = 0
    for index in range(first, len(lines)):
        line = lines[index]
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if index > last and line.strip():
            if not (line[0] in " \t" or depth > 0 or _WEAK.match(line)):
                break
            last = index
    return "\n".join(lines[first : last + 1])


def _tidy(code: str) -> str:
    return textwrap.dedent(code).strip("\n") + "\n"
