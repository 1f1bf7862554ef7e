"""From a text to a video, or to one line that says why not."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.plugins.manim.inside.conftest import Zygote

MOVING = """
class Moving(Scene):
    def construct(self):
        square = Square()
        self.add(square)
        self.play(square.animate.shift(RIGHT), run_time=0.5)
        self.wait(0.5)
"""


def test_the_warm_process_can_fork_safely(zygote: Zygote) -> None:
    assert zygote.hello == {"threads": 1}


def test_a_scene_becomes_one_playable_h264_stream_of_the_asked_size(zygote: Zygote) -> None:
    drawn = zygote.draw(MOVING)
    with av.open(str(drawn.video)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.codec_context.width, stream.codec_context.height) == (320, 180)
        assert len(list(container.decode(stream))) == 10
    assert drawn.video.read_bytes().index(b"moov") < drawn.video.read_bytes().index(b"mdat")


@pytest.mark.parametrize(("pace", "frames"), [("2", 20), ("0.5", 5), ("1000", 10), ("'x'", 10)])
def test_a_pace_stretches_animations_and_waits_within_reason(zygote: Zygote, pace: str, frames: int) -> None:
    drawn = zygote.draw(MOVING.replace("    def", f"    botcore_pace = {pace}\n    def"))
    assert len(drawn.frames()) == frames


@pytest.mark.parametrize("sides", [(320, 180), (180, 320), (180, 180), (854, 480)])
def test_every_aspect_shows_the_whole_frame(zygote: Zygote, sides: tuple[int, int]) -> None:
    source = """
class Border(Scene):
    def construct(self):
        self.add(Rectangle(width=config.frame_width, height=config.frame_height, stroke_width=40))
"""
    picture = zygote.draw(source, *sides).frames()[-1].to_ndarray(format="gray")
    assert picture.shape == (sides[1], sides[0])
    assert min(picture[0].min(), picture[-1].min(), picture[:, 0].min(), picture[:, -1].min()) > 200
    assert picture[sides[1] // 2, sides[0] // 2] < 40


@pytest.mark.parametrize(
    ("base", "body"),
    [
        (
            "MovingCameraScene",
            "self.add(Square()); self.play(self.camera.frame.animate.scale(0.5), run_time=0.4)",
        ),
        ("ThreeDScene", "self.add(Cube()); self.move_camera(phi=1, theta=1, run_time=0.4)"),
        ("ZoomedScene", "self.add(Square()); self.activate_zooming(); self.wait(0.4)"),
        ("VectorScene", "self.add_plane(); self.add_vector([1, 1]); self.wait(0.2)"),
        ("LinearTransformationScene", "self.apply_matrix([[0, 1], [1, 0]])"),
    ],
)
def test_every_kind_of_scene_is_drawn(zygote: Zygote, base: str, body: str) -> None:
    frames = zygote.draw(f"class A({base}):\n    def construct(self):\n        {body}\n").frames()
    assert len(frames) >= 4
    assert np.ptp(frames[-1].to_ndarray(format="gray")) > 100


@pytest.mark.parametrize("form", ["webm", "gif"])
def test_other_formats_show_the_same_scene(zygote: Zygote, form: str) -> None:
    drawn = zygote.draw(MOVING, format=form)
    assert drawn.video.suffix == f".{form}"
    wanted = zygote.draw(MOVING).frames()[-1].to_ndarray(format="gray").astype(int)
    shown = drawn.frames()[-1].to_ndarray(format="gray").astype(int)
    assert np.abs(wanted - shown).mean() < 3


# ------------------------------------------------------------ which scene, which names


def test_the_last_class_with_a_construct_of_its_own_is_the_scene(zygote: Zygote) -> None:
    source = """
class First(Scene):
    def construct(self):
        raise ValueError("the first")
class Last(Scene):
    def construct(self):
        raise ValueError("the last")
class Variant(First):
    size = 2
class Nothing(Scene):
    pass
"""
    assert zygote.draw(source).failed["problem"] == "ValueError: the last"
    assert zygote.draw(source, scene="Variant").failed["problem"] == "ValueError: the first"


@pytest.mark.parametrize(
    ("source", "scene", "words"),
    [
        ("x = 1", None, "derives from Scene"),
        ("class A(Scene):\n    pass", None, "no construct"),
        ("class A(Scene):\n    def construct(self): pass", "B", "no scene named B; the scenes here: A"),
        ("from manim import Scene", None, "derives from Scene"),
    ],
)
def test_a_text_without_the_scene_says_so(zygote: Zygote, source: str, scene: str | None, words: str) -> None:
    failed = zygote.draw(source, scene=scene).failed
    assert failed["code"] == "scene_missing"
    assert words in failed["problem"]


@pytest.mark.parametrize(
    "imports", ["", "from manim import Circle", "from manim import *", "import manim as m"]
)
def test_manims_names_are_there_whatever_the_text_imports(zygote: Zygote, imports: str) -> None:
    source = (
        imports
        + "\nclass A(Scene):\n    def construct(self):\n        self.add(Square(color=RED))\n        1 / 0\n"
    )
    assert zygote.draw(source).failed["line"] == 5


# ------------------------------------------------------------ failures


@pytest.mark.parametrize(
    ("body", "code", "problem"),
    [
        ("self.play(Create(Squre()))", "scene_failed", "NameError: name 'Squre' is not defined"),
        ("Square(colour=RED)", "scene_failed", "TypeError: "),
        ("self.play()", "scene_failed", "ValueError: Called Scene.play with no animations"),
        ("exit()", "scene_failed", "the code ended the program"),
        ("raise KeyboardInterrupt", "scene_failed", "the code interrupted itself"),
        ("raise MemoryError", "render_memory", "out of memory"),
        ("self.construct()", "scene_failed", "RecursionError"),
        ("raise ValueError('a\\nb\\0c' * 9999)", "scene_failed", "ValueError: a b ca b c"),
        ("raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})()", "scene_failed", "E: (its message"),
        (
            "self.camera.reset_pixel_shape(90, 160); self.wait()",
            "scene_failed",
            "ValueError: the video has 320 x 180",
        ),
        ("raise GeneratorExit", "scene_failed", "GeneratorExit"),
        ("raise OSError(28, 'No space left')", "video_too_large", ""),
        ("self.add_sound('there-is-no-such-file.wav')", "scene_failed", "OSError: "),
    ],
)
def test_a_failure_names_the_line_and_what_was_raised(
    zygote: Zygote, body: str, code: str, problem: str
) -> None:
    failed = zygote.draw(f"\n\nclass A(Scene):\n    def construct(self):\n        {body}\n").failed
    assert (failed["code"], failed["line"]) == (code, 5)
    assert failed["problem"].startswith(problem)
    assert len(failed["problem"]) <= 300


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("class A(Scene)\n    pass", 1, 15),
        ("x = 1\ny = (2\n", 2, 5),
        ("\ufeffx = = 1", 1, 5),
        ("x = 1\r\n  y = 2\r\n", 2, 0),
        ("x = '\0'", 0, 0),
        ("-" * 100_000 + "1", 0, 0),
    ],
)
def test_broken_python_is_located(zygote: Zygote, source: str, line: int, column: int) -> None:
    failed = zygote.draw(source).failed
    assert (failed["code"], failed["line"]) == ("code_syntax", line)
    assert not column or failed["column"] == column


def test_an_error_while_the_text_is_read_names_its_line(zygote: Zygote) -> None:
    failed = zygote.draw("from manim import *\nimport manimlib\n").failed
    assert (failed["line"], failed["problem"]) == (2, "ModuleNotFoundError: No module named 'manimlib'")


def test_a_video_over_the_limit_is_given_up(zygote: Zygote) -> None:
    noise = """
class Noise(Scene):
    def construct(self):
        picture = ImageMobject(np.random.randint(0, 255, (90, 160, 3), dtype=np.uint8)).scale_to_fit_width(14)
        picture.add_updater(lambda m, dt: m.become(
            ImageMobject(np.random.randint(0, 255, (90, 160, 3), dtype=np.uint8)).scale_to_fit_width(14)))
        self.add(picture)
        self.wait(3)
"""
    assert zygote.draw(noise, max_bytes=50_000).failed["code"] == "video_too_large"


# ------------------------------------------------------------ stills, settings, sound


def test_a_scene_that_only_adds_things_is_shown_for_three_seconds(zygote: Zygote) -> None:
    frames = zygote.draw("class A(Scene):\n    def construct(self):\n        self.add(Square())\n").frames()
    assert len(frames) == 30
    assert np.ptp(frames[0].to_ndarray(format="gray")) > 200
    assert len({frame.to_ndarray().tobytes() for frame in frames}) == 1


def test_a_scene_whose_sections_are_all_skipped_shows_its_end(zygote: Zygote) -> None:
    source = """
class A(Scene):
    def construct(self):
        self.next_section(skip_animations=True)
        self.play(Create(Square()))
"""
    assert len(zygote.draw(source).frames()) == 30


def test_a_scene_that_shows_nothing_has_no_video(zygote: Zygote) -> None:
    assert zygote.draw("class A(Scene):\n    def construct(self): pass").failed["code"] == "video_missing"


def test_a_text_chooses_colours_but_not_pixels_or_the_kind_of_output(zygote: Zygote) -> None:
    source = """
config.background_color = WHITE
config.pixel_width, config.pixel_height, config.frame_rate = 4000, 4000, 240
config.format, config.dry_run, config.save_sections, config.renderer = "png", True, True, "opengl"
class A(Scene):
    def construct(self):
        self.add(Square(color=BLACK))
        self.wait(0.5)
"""
    frames = zygote.draw(source).frames()
    assert [(frame.width, frame.height) for frame in frames] == [(320, 180)] * 5
    assert frames[0].to_ndarray(format="gray")[0, 0] > 250


def test_chance_repeats_itself(zygote: Zygote) -> None:
    source = """
class A(Scene):
    def construct(self):
        self.add(*(Dot(np.random.uniform(-3, 3, 3)) for _ in range(9)))
        self.wait(0.2)
"""
    once, again, other = (zygote.draw(source, seed=seed).frames()[0].to_ndarray() for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize(("form", "codec"), [("mp4", "aac"), ("webm", "opus")])
def test_sound_is_heard_where_it_was_added(zygote: Zygote, form: str, codec: str) -> None:
    source = """
import wave
class A(Scene):
    def construct(self):
        with wave.open("/tmp/botcore-test-tone.wav", "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes((10000 * np.sin(np.arange(4000) / 3)).astype("<i2").tobytes())
        self.add(Square())
        self.wait(1)
        self.add_sound("/tmp/botcore-test-tone.wav")
        self.wait(1)
"""
    with av.open(str(zygote.draw(source, format=form).video)) as container:
        assert container.streams.audio[0].codec_context.name.removeprefix("lib") == codec
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in container.decode(audio=0)]) * 1.0
        rate = container.streams.audio[0].rate
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() / 4) / rate
    assert loud[0] == pytest.approx(1.0, abs=0.1)
    assert loud[-1] == pytest.approx(1.5, abs=0.1)


# ------------------------------------------------------------ progress


def test_progress_counts_animations_and_rises_to_the_end(zygote: Zygote) -> None:
    source = """
class A(Scene):
    def construct(self):
        square = Square()
        self.play(Create(square))
        self.wait()
        self.play(FadeOut(square), run_time=2)
"""
    told = [line for line in zygote.draw(source, 640, 360, 30).reports if line["k"] == "progress"]
    assert told[0]["n"] == 1
    assert {line["of"] for line in told} == {3}
    assert all(0 <= a["f"] <= b["f"] <= 1 for a, b in itertools.pairwise(told))


def test_the_number_of_animations_in_a_loop_is_not_guessed_but_a_share_is_told(zygote: Zygote) -> None:
    source = """
class A(Scene):
    def construct(self):
        for _ in range(3):
            self.wait(0.1)
"""
    told = [line for line in zygote.draw(source).reports if line["k"] == "progress"]
    assert told
    assert all(line["of"] is None and 0 <= line["f"] < 1 for line in told)
