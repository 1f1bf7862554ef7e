"""What is code in a message, and what is not."""

from __future__ import annotations

import pytest
from botcore_manim.detect import detect
from hypothesis import given
from hypothesis import strategies as st

CODE = """from manim import *

class Demo(Scene):
    def construct(self):
        self.play(Create(Circle()))
"""


@pytest.mark.parametrize(
    "message",
    [
        CODE,
        f"```python\n{CODE}```",
        f"```PY\n{CODE}```",
        f"```Manim title=scene.py\n{CODE}\n```",
        f"```\n{CODE}```",
        f"~~~~\n{CODE}~~~~",
        f"Sure, here it is:\n\n```python\n{CODE}```\nHave fun with it!",
        f"```python\n{CODE}",
        CODE.replace("\n", "\r\n"),
        "\ufeff" + CODE,
        f"Here is my scene\n\n{CODE}\nWhy is it so slow?",
        f"```bash\npip install manim\n```\nand then\n```python\n{CODE}```",
        f"```python\nprint(1)\n```\nbut rather\n```python\n{CODE}```",
        CODE.replace("\n", "\n    ").join(("    ", "")),
    ],
)
def test_code_is_found_and_freed_from_what_is_around_it(message: str) -> None:
    found = detect(message)
    assert found is not None
    assert found.strip() == CODE.strip()


@pytest.mark.parametrize(
    "message",
    [
        "class Demo(ThreeDScene):\n    def construct(self:\n        self.wait(",
        "from manim import *\nclass A(Scene)",
        "class A(Lesson):\n    pass",
        "import numpy as np\ndef f(x):\n    return np.sin(x)\n",
    ],
)
def test_broken_or_partial_code_is_code(message: str) -> None:
    assert detect(message) == message.strip("\n") + "\n"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   \n",
        "solve x^2 - 5x + 6 = 0",
        "integrate x^2 from 0 to 2",
        "f(x) = x^2 - 3\ng(x) = 2x\nfind f(g(x))",
        "x = 3\ny = 4\nprint the sum",
        "if x > 0: find y",
        "for x in the interval [0, 2], find:\n  a) f(x)\n  b) g(x)",
        "class A: 12, 15, 18\nclass B: 10, 11, 12\nWhich class has the higher mean?",
        "From 3 to 5 the import duty rises by 10%",
        "Let A = {1, 2, 3}\nwhile B = {2, 3}:\n  find A ∩ B",
        "```\nx^2 - 5x + 6 = 0\n```",
        "```python\nx^2 = 4\n```",
        "```latex\n\\int_0^1 x dx\n```",
        "Explain what “import” and “class” mean",
        "```bash\npip install manim\n```",
        "احسب نهاية sin(x)/x عندما x → 0",
    ],
)
def test_a_problem_is_never_code(message: str) -> None:
    assert detect(message) is None


PIECES = st.sampled_from(
    ["```", "~~~", "python", "\n", " ", "class a(", "Scene", ")", ":", "import a", ",a", "@a(", "if "]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_is_answered(message: str) -> None:
    found = detect(message)
    assert found is None or found.endswith("\n")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "message",
    [
        "```" + "a" * 50_000,
        "```\n" * 12_500,
        "class a(" + "Scene " * 8_000,
        "import a" + ",a" * 25_000 + "!",
        "@a(" + ")" * 50_000,
        "if " + ":" * 50_000,
        " " * 50_000,
        "from a.b import c\n" * 3_000,
        "(" * 50_000,
    ],
    ids=lambda message: message[:9],
)
def test_a_long_hostile_text_does_not_take_long(message: str) -> None:
    detect(message)
