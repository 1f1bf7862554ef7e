"""Faults of models are told and mended; what is right stays as it is."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from time import process_time

import pytest
from botcore_manim import prompt
from botcore_manim.api import ApiIndex, load_index
from botcore_manim.habits.all import examine
from botcore_manim.habits.closest import closest
from botcore_manim.reading import read_answer
from botcore_manim.validators.mending import edits_between, mend
from botcore_manim.validators.parsing import parse
from botcore_solver.scenes.writer import write_scene
from botcore_solver.solve import solve
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Finding, Severity
from botcore.pipeline import apply_fixes
from tests.plugins.manim.broken.answers import broken, heldout, sound
from tests.plugins.manim.broken.measuring import draw
from tests.plugins.manim.broken.mending import fixed, mended
from tests.plugins.manim.docstrings.corpus import examples

_LEAST = 0.9
_HEAD = "from manim import *\n\nclass Demo(Scene):\n    def construct(self):\n"
_SCENES = Path(__file__).parents[2] / "bench" / "scenes"
_LESSONS = Path(__file__).parents[3] / "docs" / "lesson.md"
_SHOWN = Path(prompt.__file__).parent / "examples"
_PROBLEMS = (
    "x^2 - 5x + 6 = 0",
    "2x + 3 = 11",
    "x + y = 3, x - y = 1",
    "integrate x^2 from 0 to 2",
    "differentiate x^3 - 3x",
    "plot sin(x)",
    "1/2 + 1/3",
    "x^2 + x + 1 = 0",
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the description of the installed Manim is kept during these tests."""
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="session")
def index(folder: Path) -> ApiIndex:
    found = asyncio.run(load_index(folder))
    assert found is not None
    return found


def body(*lines: str) -> str:
    return _HEAD + "".join(f"        {line}\n" for line in lines)


def mend_once(code: str, index: ApiIndex) -> tuple[str, list[Finding]]:
    findings = examine(code, index)
    return apply_fixes(code, findings)[0], findings


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.play(ShowCreation(Circle()))", "self.play(Create(Circle()))"),
        ("self.play(FadeInFrom(Dot(), LEFT))", "self.play(FadeIn(Dot(), shift=-LEFT))"),
        ("self.play(FadeOutAndShift(Dot(), UP))", "self.play(FadeOut(Dot(), shift=UP))"),
        ("self.play(FadeIn(Dot(), UP))", "self.play(FadeIn(Dot(), shift=UP))"),
        ("self.add(Dot(TR))", "self.add(Dot(UR))"),
        ("self.add(Circle(color=CYAN))", 'self.add(Circle(color=ManimColor("#00FFFF")))'),
        ('self.add(Circle(color="light blue"))', "self.add(Circle(color=BLUE_B))"),
        ("self.add(Circle(BLUE))", "self.add(Circle(color=BLUE))"),
        ("self.add(Rectangle(4, 2))", "self.add(Rectangle(width=4, height=2))"),
        ("self.add(Circle(r=2))", "self.add(Circle(radius=2))"),
        ("self.add(Circle(radius=1, wobble=2))", "self.add(Circle(radius=1))"),
        ("self.add(Axes(x_min=0, x_max=4))", "self.add(Axes(x_range=[0, 4]))"),
        ("a = Axes(); a.add_coordinate_labels()", "a = Axes(); a.add_coordinates()"),
        ("a = Square(); a.get_top_left()", "a = Square(); a.get_corner(UL)"),
        ("a = Square(); a.set_fill_opacity(0.5)", "a = Square(); a.set_fill(opacity=0.5)"),
        ("a = Square(); self.play(a.shift(UP))", "a = Square(); self.play(a.animate.shift(UP))"),
        ("a = Square(); self.play(a.shift, UP)", "a = Square(); self.play(a.animate.shift(UP))"),
        ("a = Square(); self.play(a)", "a = Square(); self.play(FadeIn(a))"),
        ("self.play([Create(Dot())])", "self.play(*[Create(Dot())])"),
        ("self.play(Create(d) for d in [Dot()])", "self.play(*(Create(d) for d in [Dot()]))"),
        ("play(Create(Dot()))", "self.play(Create(Dot()))"),
        ("self.wait", "self.wait()"),
        ("self.wait(run_time=2)", "self.wait(duration=2)"),
        ("self.play(Create(Dot()), runtime=2)", "self.play(Create(Dot()), run_time=2)"),
        ('self.play(Create(Dot()), rate_func="linear")', "self.play(Create(Dot()), rate_func=linear)"),
        ("self.add(Dot((1, 2)))", "self.add(Dot((1, 2, 0)))"),
        ("self.add(Line([0, 0], np.array([1, 2])))", "self.add(Line([0, 0, 0], np.array([1, 2, 0])))"),
        ("a = Dot(); a.move_to(1, 2)", "a = Dot(); a.move_to([1, 2, 0])"),
        ('a = Dot(); a.next_to(a, "UP")', "a = Dot(); a.next_to(a, UP)"),
        ('self.add(MathTex("\\frac{1}{2}"))', 'self.add(MathTex(r"\\frac{1}{2}"))'),
        ('self.add(MathTex(r"$x^2$"))', 'self.add(MathTex(r"x^2"))'),
        ('self.add(Tex(r"\\frac{1}{2}"))', 'self.add(Tex(r"$\\frac{1}{2}$"))'),
        ('self.add(MathTex(f"\\\\frac{dy}{dx}"))', 'self.add(MathTex(f"\\\\frac{{dy}}{{dx}}"))'),
        ('self.add(Text("a", weight="bold"))', 'self.add(Text("a", weight=BOLD))'),
        ("self.add(Text(5))", 'self.add(Text("5"))'),
        ("t = ValueTracker(0); t.value", "t = ValueTracker(0); t.get_value()"),
        ("x = np.product([1, 2])", "x = np.prod([1, 2])"),
        ("title = Dot(); self.add(titel)", "title = Dot(); self.add(title)"),
        ("while True: self.wait()", "for _ in range(3): self.wait()"),
        ("p = (1, 2); self.add(Dot(p))", "p = (1, 2, 0); self.add(Dot(p))"),
        ("ArrowVectorField(lambda p: np.array([1, 0]))", "ArrowVectorField(lambda p: np.array([1, 0, 0]))"),
        ("a = Dot(); self.add([a, a])", "a = Dot(); self.add(*[a, a])"),
        ("Union([Square(), Circle()])", "Union(*[Square(), Circle()])"),
        (
            "for a in VGroup(Dot()): a.set_fill(RED, alpha=1)",
            "for a in VGroup(Dot()): a.set_fill(RED, opacity=1)",
        ),
        ("v = 2; Rectangle(0.6, v / 3)", "v = 2; Rectangle(width=0.6, height=v / 3)"),
        ("c = Code(code_string=''); c.code[0]", "c = Code(code_string=''); c.code_lines[0]"),
        ("t = ValueTracker(0); VGroup(*self.mobjects)", "t = ValueTracker(0); Group(*self.mobjects)"),
        ("DotCloud([ORIGIN], color=RED)", "PMobject().add_points([ORIGIN], color=RED)"),
        ('MarkupText("a & b &amp; c")', 'MarkupText("a &amp; b &amp; c")'),
    ],
)
def test_a_habit_is_mended_and_nothing_else_changes(before: str, after: str, index: ApiIndex) -> None:
    new, findings = mend_once(body("# a comment", before, "self.wait(1)  # “kept”"), index)
    assert new == body("# a comment", after, "self.wait(1)  # “kept”")
    assert all(finding.line == 6 and finding.message for finding in findings)
    assert examine(new, index) == []


@pytest.mark.parametrize(
    ("line", "base"),
    [
        ("self.set_camera_orientation(phi=1)", "ThreeDScene"),
        ("self.camera.frame.scale(0.5)", "MovingCameraScene"),
        ("self.activate_zooming()", "ZoomedScene"),
    ],
)
def test_a_scene_gets_the_base_that_it_needs(line: str, base: str, index: ApiIndex) -> None:
    assert mend_once(body(line), index)[0] == body(line).replace(
        "Scene)", f"{base})".replace("SceneScene", "Scene")
    )


def test_a_missing_import_goes_below_the_docstring(index: ApiIndex) -> None:
    code = '"""Notes."""\n' + body("x = math.pi", "y = random.random()")
    new, (finding,) = mend_once(code, index)
    assert new == code.replace('"""Notes."""\n', '"""Notes."""\nimport math\nimport random\n')
    assert finding.severity is Severity.ERROR


def test_what_cannot_be_mended_is_told_with_what_the_api_is(index: ApiIndex) -> None:
    (unknown,) = examine(body("self.add(Zebra())"), index)
    assert (unknown.line, unknown.column, unknown.fix) == (5, 18, ())
    assert "Zebra" in unknown.message
    (keyword,) = examine(body("self.add(Dot(blob=1))"), index)
    assert "Dot(point=…" in keyword.message


def test_code_that_nobody_calls_is_no_error(index: ApiIndex) -> None:
    code = body("self.wait()") + "\n    def old(self):\n        Zebra()\n"
    assert [finding.severity for finding in examine(code, index)] == [Severity.WARNING]


def test_what_manim_gives_to_objects_of_other_classes_is_known(index: ApiIndex) -> None:
    assert examine(body("g = Axes().plot(np.sin)", "g.underlying_function(1)"), index) == []


def test_a_pair_that_is_taken_apart_stays_a_pair(index: ApiIndex) -> None:
    assert examine(body("p = (1, 2)", "self.add(Dot(p))", "x, y = p"), index) == []


def test_a_module_is_imported_under_the_name_that_manimgl_gives_it(index: ApiIndex) -> None:
    assert mend_once(body("it.product([1], [2])"), index)[0].startswith("import itertools as it\nfrom manim")


@pytest.mark.parametrize(
    "lines",
    [
        ["a = Circle()"] * 2_000 + ["a.foo()"] * 2_000,
        ["p = (1, 2)"] + ["Dot(p)"] * 4_000,
        [f"a{i + 1} = a{i}" for i in range(5_000)],
        [f'Circle(k{i}=1, s="a")' for i in range(4_000)],
    ],
)
def test_what_nobody_writes_is_judged_within_bounds(lines: list[str], index: ApiIndex) -> None:
    began = process_time()
    assert len(examine(body(*lines), index)) <= 100
    assert process_time() - began < 20  # minutes before there was a bound; generous for a busy machine


def test_nothing_is_said_of_lessons(index: ApiIndex) -> None:
    """Those of the documentation, what models are shown, and what the solver writes."""
    blocks = re.findall(r"```python\n(.*?)```", _LESSONS.read_text("utf-8"), re.DOTALL)
    shown = [path.read_text("utf-8") for path in _SHOWN.glob("*.txt")]
    solved = [write_scene(solve(problem)) for problem in _PROBLEMS]
    assert len(blocks) + len(shown) >= 6
    told = [(finding.message, code) for code in blocks + shown + solved for finding in examine(code, index)]
    assert told == []


def test_what_the_lesson_kit_has_not_is_told_by_the_kit_s_own_names(index: ApiIndex) -> None:
    code = "from botcore_manim.lesson import *\n\nclass Demo(Lesson):\n    def construct(self):\n"
    code += "        graph = self.graph(sin, x=(0, 1))\n        graph.points(1, 2)\n        self.steps('x')\n"
    after, _ = mend_once(code, index)
    assert "graph.point(1, 2)" in after
    assert "self.step('x')" in after


def test_nothing_is_said_of_sound_scenes(index: ApiIndex) -> None:
    """Manim's own documentation, scenes that look faulty and are not, and the scenes of the benchmark."""
    scenes = {answer.name: answer.text for answer in sound()}
    scenes |= {path.name: path.read_text("utf-8") for path in _SCENES.glob("*.py")}
    scenes |= {
        example.name: example.code
        for example in examples()
        if not example.asset and "OpenGL" not in example.code and "Any" not in example.code
    }
    told = {name: examine(code, index) for name, code in scenes.items() if "Typst" not in code}
    assert len(told) > 390
    assert {
        name: [finding.message for finding in findings] for name, findings in told.items() if findings
    } == {}


async def test_what_was_mended_stays_as_it_is_and_is_python(folder: Path, index: ApiIndex) -> None:
    for answer in [*broken(), *heldout()]:
        code, _ = await fixed(read_answer(answer.text).code, folder)
        again, told = await fixed(code, folder)
        assert again == code, answer.name
        assert told == [], answer.name
        if answer.kind != "truncated":
            parse(code)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f()\n    pass", "def f():\n    pass"),
        ("x = f(g(1)\ny = 2", "x = f(g(1))\ny = 2"),
        ("x = f(1))\ny = 2", "x = f(1)\ny = 2"),
        ("x = f(a=1 b=2)", "x = f(a=1, b=2)"),
        ("x = “a”", 'x = "a"'),
        ("x = 3 − 2", "x = 3 - 2"),
        ("if x = 1:\n    pass", "if x == 1:\n    pass"),
        ('print "a"', 'print("a")'),
        ('x = f("a, b=1)\ny = 2', 'x = f("a", b=1)\ny = 2'),
        ("if x:\n    a\n\tb", "if x:\n    a\n    b"),
        ("x = 1\nNow we add the second line:\ny = 2", "x = 1\n# Now we add the second line:\ny = 2"),
    ],
)
def test_syntax_is_mended_where_one_change_does_it(before: str, after: str) -> None:
    assert mend(before) == after


@pytest.mark.parametrize("code", ["x = f(1, 2", "x = 'abc", "self.play(\n    Write(x),\n    Cre"])
def test_code_that_stops_in_its_middle_is_not_completed(code: str) -> None:
    assert mend(code) is None


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_edits_between_two_texts_make_the_one_of_the_other(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    finding = Finding(Severity.ERROR, "x", "x", 1, 1, edits_between(before, after))
    assert apply_fixes(before, [finding])[0] == after


@pytest.mark.slow
@pytest.mark.timeout(3000)
async def test_nine_of_ten_broken_answers_give_a_video(folder: Path) -> None:
    answers = broken()
    failed = [o async for o in draw(answers, lambda text: mended(text, folder)) if o.code != "ok"]
    assert 1 - len(failed) / len(answers) >= _LEAST, [f"{o.name}: {o.problem}" for o in failed]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_sound_scenes_give_a_video_as_they_are() -> None:
    assert [o.name async for o in draw(sound(), str) if o.code != "ok"] == []


def test_the_corpus_is_large_and_each_answer_names_its_faults() -> None:
    answers = broken()
    assert len(answers) >= 120
    assert all(re.search(r"\w", answer.faults) for answer in answers)


def test_a_name_longer_than_any_real_one_is_compared_with_none() -> None:
    assert closest("e" * 90 + "x", ["e" * 91]) == "e" * 91
    assert closest("e" * 200 + "x", ["e" * 201]) is None
