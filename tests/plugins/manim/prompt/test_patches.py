"""Changes that a model sends instead of a program."""

from __future__ import annotations

import pytest
from botcore_manim.prompt.patches import Patch, PatchFailed, apply_patches, read_patches
from hypothesis import given
from hypothesis import strategies as st

CODE = """\
class Demo(Scene):
    def construct(self):
        circle = Circle()
        self.play(ShowCreation(circle))
        self.wait()
"""

ANSWER = """\
Here is the change:

<<<<<<< SEARCH
        self.play(ShowCreation(circle))
=======
        self.play(Create(circle))
>>>>>>> REPLACE
"""

line = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n\r"), max_size=12)


def test_a_block_is_read_and_made() -> None:
    (patch,) = read_patches(ANSWER)
    assert apply_patches(CODE, [patch]) == CODE.replace("ShowCreation", "Create")


def test_a_program_is_no_patch() -> None:
    assert read_patches(CODE) == []


def test_space_at_the_ends_of_lines_does_not_matter() -> None:
    patch = Patch("        self.wait()   \n", "        self.wait(2)\n")
    assert apply_patches(CODE, [patch]) == CODE.replace("wait()", "wait(2)")


def test_a_block_that_lost_its_indentation_gets_it_back() -> None:
    patch = Patch("self.wait()\n", "self.wait(2)\nself.clear()\n")
    assert apply_patches(CODE, [patch]).endswith("        self.wait(2)\n        self.clear()\n")


def test_several_blocks_are_made_in_order() -> None:
    patches = [Patch("self.wait()\n", "self.wait(2)\n"), Patch("self.wait(2)\n", "self.wait(3)\n")]
    assert "self.wait(3)" in apply_patches(CODE, patches)


def test_an_empty_replacement_takes_lines_out() -> None:
    assert apply_patches(CODE, [Patch("        self.wait()\n", "")]) == CODE.replace(
        "        self.wait()\n", ""
    )


@pytest.mark.parametrize(
    ("search", "problem"),
    [
        ("self.play(Write(text))\n", "not in the program"),
        ("\n", "searches for nothing"),
        ("", "searches for nothing"),
        ("a\nb\n" * 50, "not in the program"),
    ],
)
def test_a_block_that_fits_nowhere_says_so(search: str, problem: str) -> None:
    with pytest.raises(PatchFailed, match=problem):
        apply_patches(CODE, [Patch(search, "x\n")])


def test_a_block_that_fits_twice_says_so() -> None:
    with pytest.raises(PatchFailed, match="2 places"):
        apply_patches("a\nb\na\n", [Patch("a\n", "c\n")])


@given(before=st.lists(line, max_size=5), after=st.lists(line, max_size=5), new=st.lists(line, max_size=3))
def test_only_the_lines_searched_for_change(before: list[str], after: list[str], new: list[str]) -> None:
    code = "\n".join([*before, "the line \x00 nobody else writes", *after])
    patch = Patch("the line \x00 nobody else writes\n", "".join(f"{text}\n" for text in new))
    assert apply_patches(code, [patch]) == "\n".join([*before, *new, *after])
