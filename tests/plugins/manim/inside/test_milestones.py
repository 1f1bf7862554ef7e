"""How far a scene is when its animations cannot be counted."""

from __future__ import annotations

import ast
import itertools
from typing import Any

import pytest
from botcore_manim.inside.milestones import Milestones, find_milestones


class Scene:
    """Notes the share at the beginning, in the middle and at the end of each animation."""

    milestones: Milestones

    def __init__(self) -> None:
        self.shares: list[float] = []

    def play(self, *_: Any) -> Any:
        self.milestones.animation()
        self.shares += [self.milestones.share(part) for part in (0.0, 0.5, 1.0)]
        return self


def run(text: str) -> list[float]:
    """The shares on the way through the class ``A`` of ``text``."""
    names: dict[str, Any] = {"Scene": Scene}
    exec(compile(text, "scene.py", "exec"), names)  # noqa: S102  # a text of this file
    found = find_milestones(ast.parse(text), names["A"])
    assert found is not None
    Scene.milestones = found
    scene = names["A"]()
    scene.construct()
    shares: list[float] = scene.shares
    assert all(0 <= a <= b < 1 for a, b in itertools.pairwise(shares)), shares
    return shares


LESSON = """
class A(Scene):
    def construct(self):
        name = str("no drawing")
        self.play(
            "over",
            "lines",
        )

        def f(x):
            return x

        graph = self.play(f)
        graph.play(2)
        with open("/dev/null"):
            self.play()
            self.play()
        for _ in range(20):
            self.play()
"""


def test_each_statement_that_draws_is_one_step_of_the_way() -> None:
    shares = run(LESSON)
    assert shares[0] == 0
    first_of_statement = [shares[3 * number] for number in range(6)]
    assert first_of_statement == pytest.approx([number / 6 for number in range(6)])


def test_a_long_loop_goes_on_rising() -> None:
    assert run(LESSON)[-1] > 0.95


def test_a_loop_that_goes_back_to_earlier_lines_does_not_fall_back() -> None:
    shares = run("""
class A(Scene):
    def construct(self):
        while len(self.shares) < 30:
            self.play()
            self.play()
        self.play()
""")
    assert shares[-1] > 0.5


def test_a_construct_that_is_inherited_or_decorated_is_found() -> None:
    text = """
def plain(function):
    return function

class Base(Scene):
    @plain
    def construct(self):
        self.play()
        self.play()

class A(Base):
    pass
"""
    assert run(text)[3] == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "class A(Scene):\n    construct = lambda self: self.play()",
        "class A(Scene):\n    def construct(self):\n        pass",
        "class A(Scene):\n    def construct():\n        print(1)",
        "class A(Scene):\n    construct = 3",
        "class A(Scene):\n    pass",
    ],
)
def test_a_text_that_does_not_show_what_is_drawn_has_no_milestones(text: str) -> None:
    names: dict[str, Any] = {"Scene": Scene}
    exec(text, names)  # noqa: S102  # a text of this file
    assert find_milestones(ast.parse(text), names["A"]) is None
