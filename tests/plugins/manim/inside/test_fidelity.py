"""Not a pixel differs from what Manim draws: every frame's YUV picture, before it is encoded, is compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
BENCH = HERE.parents[2] / "bench" / "scenes"

SCENES = {
    "text, gradients, sheen": """
class A(Scene):
    def construct(self):
        words = Text("Hello, Manim", gradient=(RED, BLUE))
        ball = Circle(color=GREEN, fill_opacity=0.6, sheen_factor=0.7, sheen_direction=UR).to_edge(LEFT)
        backed = Text("o", stroke_width=2).set_background_stroke(color=YELLOW, width=6).to_edge(DOWN)
        self.play(Write(words), DrawBorderThenFill(ball), FadeIn(backed))
        self.play(Transform(words, Star(color=[RED, YELLOW, BLUE], fill_opacity=0.5)), Rotate(ball, PI))
        self.wait(0.6)
""",
    "updaters with and without dt, stop condition, frozen and not": """
class A(Scene):
    def construct(self):
        t = ValueTracker(0)
        dot = always_redraw(lambda: Dot([t.get_value(), np.sin(t.get_value()), 0]))
        turning = Square().add_updater(lambda m, dt: m.rotate(dt)).to_edge(UP)
        label = Text("0").add_updater(lambda m: m.next_to(dot, UP))
        self.add(dot, turning, label)
        self.play(t.animate.set_value(3), rate_func=linear)
        self.wait(1.0, stop_condition=lambda: turning.get_top()[1] > 3.9)
        self.wait(0.5, frozen_frame=True)
        turning.suspend_updating()
        self.wait(0.5)
        self.add_updater(lambda dt: dot.shift(dt * UP))
        self.wait(0.5)
""",
    "sections, z index, foreground, adding and removing": """
class A(Scene):
    def construct(self):
        back, front = Square(fill_opacity=1, z_index=-1), Circle(fill_opacity=1, color=RED)
        self.add_foreground_mobjects(Dot(color=YELLOW))
        self.play(FadeIn(front), Create(back))
        self.next_section("skipped", skip_animations=True)
        self.play(front.animate.shift(2 * RIGHT))
        self.next_section("shown")
        self.play(back.animate.set_z_index(3).shift(RIGHT), Indicate(front))
        self.remove(back)
        self.wait(0.4)
        self.play(FadeOut(front, shift=DOWN), run_time=0.5)
""",
    "moving along paths, braces, many points, dashes, arrows": """
class A(Scene):
    def construct(self):
        curve = FunctionGraph(lambda x: np.sin(3 * x), x_range=[-5, 5])
        dot, dashes = Dot(), DashedVMobject(Circle(radius=2), num_dashes=30)
        arrow, brace = Arrow(LEFT * 2, RIGHT, cap_style=CapStyleType.ROUND), Brace(curve, DOWN)
        self.play(Create(curve), GrowArrow(arrow), FadeIn(dashes, brace))
        self.play(MoveAlongPath(dot, curve), Wiggle(brace), ShowPassingFlash(curve.copy().set_color(RED)))
        self.add(Dot(curve.point_from_proportion(0.3)), Line().set_length(curve.get_arc_length() / 9))
        self.play(ApplyWave(curve), Circumscribe(dot))
""",
    "three dimensions": """
class A(ThreeDScene):
    def construct(self):
        axes, title = ThreeDAxes(), Text("fixed").to_corner(UL)
        hill = Surface(lambda u, v: [u, v, u * v / 3], u_range=[-2, 2], v_range=[-2, 2], resolution=(6, 6))
        self.add_fixed_in_frame_mobjects(title)
        self.add_fixed_orientation_mobjects(Text("turns").shift(OUT))
        self.set_camera_orientation(phi=1, theta=-1)
        self.add(axes, hill, Cube(0.5).shift(2 * RIGHT), Arrow3D(), Dot3D([1, 1, 1]))
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(0.5)
        self.stop_ambient_camera_rotation()
        self.play(hill.animate.shift(OUT), run_time=0.5)
        self.move_camera(phi=0.4, zoom=0.8, run_time=0.5)
""",
    "a moving camera, zoomed display, images and point clouds": """
class A(ZoomedScene):
    def construct(self):
        picture = ImageMobject(np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5).scale(9).to_edge(LEFT)
        cloud = PointCloudDot(color=GREEN, radius=1, density=9).to_edge(RIGHT)
        self.add(NumberPlane(), picture, cloud, Square())
        self.activate_zooming(animate=True)
        self.play(self.zoomed_camera.frame.animate.shift(LEFT), picture.animate.rotate(0.3))
        self.play(self.camera.frame.animate.scale(0.7).shift(UP), run_time=0.5)
""",
}


def traces(way: str, spec: dict[str, Any], scenes: dict[str, str]) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, HERE / "tracing.py", way],
        input=json.dumps({"spec": spec, "scenes": scenes}),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_frame_is_the_one_that_manim_draws() -> None:
    spec = {"width": 426, "height": 240, "fps": 8}
    ours, manims = traces("botcore", spec, SCENES), traces("manim", spec, SCENES)
    for name, frames in manims.items():
        assert len(frames) > 8
        assert len(set(frames)) > 4
        assert ours[name] == frames, name


@pytest.mark.slow
@pytest.mark.parametrize("scene", sorted(path.stem for path in BENCH.glob("*.py")))
def test_every_frame_of_the_bench_scenes_is_the_one_that_manim_draws(scene: str) -> None:
    spec = {"width": 1280, "height": 720, "fps": 10}
    scenes = {scene: (BENCH / f"{scene}.py").read_text()}
    assert traces("botcore", spec, scenes) == traces("manim", spec, scenes)
