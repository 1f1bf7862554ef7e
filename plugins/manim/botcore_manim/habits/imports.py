"""Imports of what is not there: ManimGL, modules that moved, programs that scenes cannot use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import found
from botcore_manim.habits.subject import Subject

CODE = "manim_import"

_OTHER_MANIMS = frozenset(
    {"manimlib", "manimgl", "manim_imports_ext", "big_ol_pile_of_manim_imports", "manimce"}
)
_USELESS = frozenset(
    [
        "aiohttp",
        "ftplib",
        "httpx",
        "requests",
        "smtplib",
        "socket",
        "urllib3",
        "subprocess",
        "multiprocessing",
        "pygame",
        "pyglet",
        "tkinter",
        "turtle",
        "IPython",
        "webbrowser",
    ]
)
"""What cannot do its work where scenes are drawn, installed or not."""
_ALL = "from manim import *"


def check(subject: Subject) -> Iterator[Finding]:
    """Each import that fails, and each that is of no use."""
    for node in subject.code.all(ast.ImportFrom):
        if node.level == 0 and node.module:
            yield from _from(subject, node, node.module)
    for statement in subject.code.all(ast.Import):
        yield from _plain(subject, statement)


def _from(subject: Subject, node: ast.ImportFrom, module: str) -> Iterator[Finding]:
    code, index = subject.code, subject.index
    top = module.partition(".")[0]
    if top in _OTHER_MANIMS:
        message = f"“{module}” is another Manim; here it is the community edition: write {_ALL}"
        yield found(code, node, CODE, message, code.replace(node, _ALL), sure=True)
    elif top == "manim":
        names = index.module(module) if module != "manim" else frozenset(index.names)
        if any(index.has_module(f"{module}.{alias.name}") for alias in node.names):
            return
        if names is None and module != "manim":
            yield _moved(subject, node, f"there is no module {module} in Manim {index.version}")
        elif names is not None:
            gone = [alias.name for alias in node.names if alias.name not in names and alias.name != "*"]
            if gone:
                yield _moved(subject, node, f"there is no {' and no '.join(gone)} in {module}")
    elif top == "botcore_manim":
        return
    elif top in _USELESS or top not in index.installed:
        yield from _without(subject, node, [alias.asname or alias.name for alias in node.names], top)


def _moved(subject: Subject, node: ast.ImportFrom, message: str) -> Finding:
    code = subject.code
    aliased = [a for a in node.names if a.asname is not None]
    if any(alias.name not in subject.index.names for alias in aliased):
        return found(code, node, CODE, message, sure=True)
    # names that are gone are told where they are used
    names = ", ".join(f"{a.name} as {a.asname}" for a in aliased)
    new = f"{_ALL}\n{code.indentation(node)}from manim import {names}" if names else _ALL
    return found(code, node, CODE, f"{message}: write {_ALL}", code.replace(node, new), sure=True)


def _plain(subject: Subject, node: ast.Import) -> Iterator[Finding]:
    code, index = subject.code, subject.index
    tops = {alias: alias.name.partition(".")[0] for alias in node.names}
    other = [alias for alias, top in tops.items() if top in _OTHER_MANIMS]
    if other and len(node.names) == 1:
        new = f"import manim as {other[0].asname}" if other[0].asname else _ALL
        message = f"“{other[0].name}” is another Manim; here it is the community edition: write {new}"
        yield found(code, node, CODE, message, code.replace(node, new), sure=True)
        return
    bad = [alias for alias, top in tops.items() if top in _USELESS or top not in index.installed]
    if len(bad) == len(node.names):
        names = [alias.asname or alias.name.partition(".")[0] for alias in bad]
        yield from _without(subject, node, names, bad[0].name)
    elif bad:
        unused = [a for a in bad if not _is_used(subject, a.asname or a.name.partition(".")[0])]
        if unused:
            kept = ", ".join(code.segment(alias) for alias in node.names if alias not in unused)
            message = f"“{unused[0].name}” cannot be used where scenes are drawn, and nothing here needs it"
            yield found(code, node, CODE, message, code.replace(node, f"import {kept}"))


def _without(
    subject: Subject, node: ast.Import | ast.ImportFrom, names: list[str], module: str
) -> Iterator[Finding]:
    code = subject.code
    missing = module.partition(".")[0] not in subject.index.installed
    why = "is not installed" if missing else "cannot do its work"
    if any(name == "*" or _is_used(subject, name) for name in names):
        if missing:
            message = f"“{module}” {why} where scenes are drawn: write what it does with Manim and NumPy"
            yield found(code, node, CODE, message, sure=True)
        return
    message = f"“{module}” {why} where scenes are drawn, and nothing here needs it: leave the import out"
    yield found(code, node, CODE, message, code.remove(node), sure=missing)


def _is_used(subject: Subject, name: str) -> bool:
    return any(node.id == name for node in subject.code.all(ast.Name))
