"""The scenes in manim's own docstrings: every ``.. manim::`` directive of the installed package."""

from __future__ import annotations

import ast
import importlib.util
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"^(?P<indent>[ \t]*)\.\. manim::[ \t]*(?P<scene>\w+)[ \t]*$", re.MULTILINE)
_OPTION = re.compile(r"^\s*:(\w+):")
_ASSET = re.compile(
    r"""ImageMobject\(\s*["']|SVGMobject\(\s*["']|add_sound\(|ImageMobjectFromCamera\(\s*["']|\.(?:png|svg|jpg)["']"""
)


@dataclass(frozen=True, slots=True)
class Example:
    """One scene as the documentation shows it."""

    name: str
    """``module:Scene``; a number follows where a module shows two of one name."""
    scene: str
    code: str
    opengl: bool
    asset: bool
    """It reads a picture or a sound that only manim's repository has."""


def examples() -> list[Example]:
    """All of them, in the order of the modules' names."""
    found: list[Example] = []
    names: set[str] = set()
    for module, text in _docstrings():
        for directive in _DIRECTIVE.finditer(text):
            code = _body(text, directive)
            if not code:
                continue
            name = f"{module}:{directive['scene']}"
            count = sum(1 for other in names if other == name or other.startswith(f"{name}#"))
            name = f"{name}#{count + 1}" if count else name
            names.add(name)
            opengl = ":renderer: opengl" in text[directive.end() : directive.end() + 200]
            found.append(Example(name, directive["scene"], code, opengl, bool(_ASSET.search(code))))
    return found


def _docstrings() -> Iterator[tuple[str, str]]:
    spec = importlib.util.find_spec("manim")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    for file in sorted(root.rglob("*.py")):
        module = ".".join(file.relative_to(root.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text and ".. manim::" in text:
                    yield module, text


def _body(text: str, directive: re.Match[str]) -> str:
    """The indented block under a directive, its options and a doctest's prompts left out, as manim does."""
    indent = len(directive["indent"].expandtabs())
    lines: list[str] = []
    for line in text[directive.end() :].splitlines()[1:]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        lines.append(line)
    while lines and (not lines[0].strip() or _OPTION.match(lines[0])):
        lines.pop(0)
    code = textwrap.dedent("\n".join(lines)).strip("\n")
    if code.startswith(">>> "):
        code = "\n".join(line[4:] for line in code.splitlines() if line.startswith((">>>", "...")))
    return code
