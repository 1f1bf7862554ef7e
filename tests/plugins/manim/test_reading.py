"""The code in a model's answer, whatever is around it."""

from __future__ import annotations

import html
import json

import pytest
from botcore_manim.reading import read_answer
from hypothesis import given
from hypothesis import strategies as st

SCENE = (
    "from manim import *\n\n\nclass Demo(Scene):\n    def construct(self):\n"
    '        self.play(Write(Text("a < b")))\n'
)
OTHER = "from manim import *\n\n\nclass Demo(Scene):\n    def construct(self):\n        self.play(Draft())\n"
IMPORT = "from manim import *\n"
HELPER = "def helper():\n    return Dot()\n"
ONLY_SCENE = SCENE.partition("\n\n\n")[2]


def fenced(code: str, tag: str = "python", fence: str = "```") -> str:
    return f"{fence}{tag}\n{code}{fence}\n"


@pytest.mark.parametrize(
    "answer",
    [
        SCENE,
        fenced(SCENE),
        fenced(SCENE, "Python"),
        fenced(SCENE, "", "~~~"),
        f"Sure!\n\n{fenced(SCENE)}\nRun it:\n```bash\nmanim -pql a.py\n```\nBye.",
        f"```python\n{SCENE}",
        fenced(f"# Solution\n\n{fenced(SCENE)}\nEnjoy.\n", "markdown", "````"),
        fenced(f"Solution\n\n{fenced(SCENE)}", "markdown"),
        f"1. Save:\n\n   {fenced(SCENE).replace(chr(10), chr(10) + '   ')}",
        "\ufeff" + fenced(SCENE).replace("\n", "\r\n"),
        fenced(SCENE).replace("    ", "\u00a0" * 4),
        fenced(html.escape(SCENE)),
        json.dumps({"code": SCENE, "name": "Demo"}),
        f'<answer>\n<code language="python">\n{SCENE}</code>\n</answer>',
        f"python\n{SCENE}",
        f"<think>\n{fenced(OTHER)}</think>\n{fenced(SCENE)}",
        fenced(OTHER) + "Corrected:\n" + fenced(SCENE),
        "".join(f"{n:2} | {line}\n" for n, line in enumerate(SCENE.splitlines(), 1)),
        "".join(f">>> {line}\n" for line in SCENE.splitlines()),
        f"Here it is.\n\n{SCENE}\nThis shows a text.\n",
    ],
)
def test_the_code_comes_out_whole_and_alone(answer: str) -> None:
    assert read_answer(answer).code == SCENE


def test_blocks_that_belong_together_are_put_together() -> None:
    code = read_answer(f"First:\n{fenced(IMPORT)}Then:\n{fenced(HELPER)}{fenced(ONLY_SCENE)}").code
    assert [line for line in code.splitlines() if line] == [
        line for line in f"from manim import *\n{HELPER}{ONLY_SCENE}".splitlines() if line
    ]


def test_a_fence_inside_a_string_does_not_end_the_block() -> None:
    code = f"{SCENE}\n\nREADME = '''\n```\nprint(1)\n```\n'''\n"
    assert read_answer(f"Look:\n{fenced(code)}That is all.\n").code == code


@pytest.mark.parametrize(
    "answer", ["", "I'm sorry, but I can't help with that.", "```\n```", "The answer is 4."]
)
def test_an_answer_without_code_gives_none(answer: str) -> None:
    assert read_answer(answer).code == ""


@pytest.mark.parametrize(
    ("answer", "stated"),
    [
        (f"ANSWER: x = 4 or x = -4\n{fenced(SCENE)}", "x = 4 or x = -4"),
        (f"**Answer:** 12\n{fenced(SCENE)}", "12"),
        (fenced(f"# ANSWER: 3/4\n{SCENE}"), "3/4"),
        (fenced(SCENE), None),
    ],
)
def test_the_stated_answer_is_found(answer: str, stated: str | None) -> None:
    assert read_answer(answer).stated == stated


@given(st.text(alphabet="`~\n pythonmd{}<>codeclass():'\"\\&;#|1 \ufeff\u00a0", max_size=400))
def test_nothing_brings_it_down_and_what_it_gives_it_gives_again(answer: str) -> None:
    code = read_answer(answer).code
    assert "\r" not in code
    assert code == "" or code.endswith("\n")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("piece", ["```\n", "```python\n", "(", "<code>\n", "a: b\n", "&lt;", "~~~\n```\n"])
def test_hundreds_of_kilobytes_are_bounded(piece: str) -> None:
    assert len(read_answer(piece * (400_000 // len(piece))).code) <= 200_001
