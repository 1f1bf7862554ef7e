"""What is said of code without running it, whatever the code."""

from __future__ import annotations

import ast

import pytest
from botcore_manim.validators import mending
from botcore_manim.validators.imports import ImportValidator
from botcore_manim.validators.parsing import Unparsable, parse
from botcore_manim.validators.scenes import SceneValidator
from botcore_manim.validators.syntax import SyntaxValidator
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Finding, Severity, Source
from botcore.ports import Validator

GOOD = "from manim import *\nclass A(Scene):\n    def construct(self):\n        self.wait()\n"
N = 190_000


async def findings(validator: Validator, code: str, scene: str | None = None) -> list[Finding]:
    return await validator.validate(Source("manim", code, scene=scene))


def test_long_code_is_parsed_a_few_times_only_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser keeps the interpreter to itself: each try holds up the whole bot."""
    asked: list[int] = []

    def counting(code: str) -> ast.Module:
        asked.append(len(code))
        return parse(code)

    monkeypatch.setattr(mending, "parse", counting)
    mistake = "    x = foo(1, 2\n" + "    y = 3\n" * 100
    code = GOOD + mistake * 53
    assert len(code) > 49_000
    assert mending.mend(code) is None
    assert 500_000 < sum(asked) < 1_100_000


@pytest.mark.parametrize("validator", [SyntaxValidator(), SceneValidator(), ImportValidator()])
async def test_nothing_is_said_of_good_code(validator: Validator) -> None:
    assert await findings(validator, GOOD) == []
    assert await findings(validator, "\ufeff" + GOOD.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("code", "line", "column", "words"),
    [
        ("class A(Scene)\n    pass", 1, 15, "expected ':'"),
        ("x = 1\ny = (2\nz = 3", 2, 5, "was never closed"),
        ("x = 'abc", 1, 5, "unterminated string"),
        ("if True:\nx = 1", 2, 1, "indented block"),
        ("é = = 2", 1, 5, "invalid syntax"),
        ("x = '\0'", 0, 0, "null"),
        ("x = 1\n" * 50_000, 0, 0, "longer than"),
    ],
)
async def test_a_syntax_error_is_located(code: str, line: int, column: int, words: str) -> None:
    (found,) = await findings(SyntaxValidator(), code)
    assert (found.severity, found.code) == (Severity.ERROR, "code_syntax")
    assert (found.line, found.column) == (line, column)
    assert words in found.message


DEEP = [
    "(" * N,
    "-" * N + "1",
    "not " * (N // 4) + "1",
    "a" + ".b" * (N // 2),
    "1" + "+1" * (N // 2),
    "a" + "()" * (N // 2),
    "lambda:" * (N // 7) + "1",
    "if 1:pass\n" + "elif 1:pass\n" * (N // 13),
    "1 if 1 else " * (N // 12) + "1",
    "2" + "**2" * (N // 3),
    "\n".join(" " * depth + "if 1:" for depth in range(500)),
    "f'" + "{" * N,
    "print(" * 89,
    "{1:" * 89 + "1" + "}" * 89,
    "class A:" * 20_000,
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("code", DEEP, ids=lambda code: code[:9].strip())
async def test_no_depth_brings_the_parser_down(code: str) -> None:
    """The interpreter is still there afterwards, and so is an answer."""
    for validator in (SyntaxValidator(), SceneValidator(), ImportValidator()):
        await findings(validator, code)


@given(st.text(alphabet="(){}[]'\"\\:=+-*,.@#abc01 \n\t\r\0\ufeffé", max_size=300))
def test_parsing_raises_nothing_but_its_own_error(code: str) -> None:
    try:
        parse(code)
    except Unparsable as error:
        problem = error.problem
    else:
        problem = "none"
    assert problem


@pytest.mark.parametrize(
    ("code", "scene", "words"),
    [
        ("x = 1", None, "there is no scene"),
        ("class A:\n    def construct(self): pass", None, "does not derive from Scene"),
        ("class A(Scene):\n    def draw(self): pass", None, "has no construct method"),
        (GOOD, "B", "no scene named B; the classes here: A"),
        (GOOD + "class B(Scene): pass", "B", "has no construct method"),
    ],
)
async def test_a_missing_scene_is_an_error(code: str, scene: str | None, words: str) -> None:
    (found,) = await findings(SceneValidator(), code, scene)
    assert (found.severity, found.code) == (Severity.ERROR, "scene_missing")
    assert words in found.message


@pytest.mark.parametrize(
    "code",
    [
        "class A(m.Scene):\n    def construct(self): pass",
        "class Base(Scene):\n    def construct(self): pass\nclass A(Base): pass",
        "class A(Elsewhere): pass",
        "if True:\n    class A(Scene):\n        def construct(self): pass",
        "class A(Generic[T], Scene):\n    def construct(self): pass",
        "this does not parse (",
    ],
)
async def test_what_may_be_a_scene_is_let_pass(code: str) -> None:
    assert await findings(SceneValidator(), code) == []


async def test_classes_that_derive_from_each_other_end_the_search() -> None:
    (found,) = await findings(SceneValidator(), "class AScene(BScene): pass\nclass BScene(AScene): pass")
    assert found.code == "scene_missing"


async def test_imports_that_cannot_work_are_told_once_each_with_their_place() -> None:
    code = (
        "import os, socket\nimport urllib.request\nfrom subprocess import run\ndef f():\n    import socket\n"
    )
    found = await findings(ImportValidator(), code)
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert [(finding.line, finding.column) for finding in found] == [(1, 1), (3, 1)]
    assert "network" in found[0].message
    assert "program" in found[1].message
