"""When scenes are looked at, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest
from botcore_manim.layout import watch
from manim import (
    DOWN,
    RIGHT,
    UP,
    FadeOut,
    MovingCamera,
    MovingCameraScene,
    ReplacementTransform,
    Scene,
    Text,
    ThreeDCamera,
    ThreeDScene,
    VGroup,
    Write,
)

from tests.plugins.manim.lesson.dry import Undrawn


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Findings of the scenes of one test; Manim is as it was afterwards."""
    monkeypatch.setattr(Scene, "play", Scene.play)
    monkeypatch.setattr(Scene, "update_to_time", Scene.update_to_time)
    monkeypatch.setattr(watch, "_installed", [])
    found: list[dict[str, Any]] = []
    watch.install(found.append)
    return found


def play(construct: Any, base: type = Scene, camera: type | None = None, *, skip: bool = True) -> None:
    renderer = Undrawn(camera)
    renderer.skip_animations = renderer._original_skipping_status = skip
    type("Tried", (base,), {"construct": construct})(renderer=renderer).render()


def overlapping(scene: Any) -> None:
    scene.add(Text("first line"))
    scene.wait()
    scene.play(Write(Text("second line").shift(0.1 * UP)))
    scene.wait()


def test_each_finding_is_told_once_with_its_time(told: list[dict[str, Any]]) -> None:
    play(overlapping)
    assert [(finding["code"], finding["t"]) for finding in told] == [("text-overlap", 2.0)]


def test_installing_twice_does_not_look_twice(told: list[dict[str, Any]]) -> None:
    other: list[dict[str, Any]] = []
    before = Scene.play
    watch.install(other.append)
    play(overlapping)
    assert Scene.play is before
    assert not told
    assert len(other) == 1


def test_scenes_are_told_apart(told: list[dict[str, Any]]) -> None:
    play(overlapping)
    play(overlapping)
    assert len(told) == 2


def test_findings_of_a_scene_are_bounded(told: list[dict[str, Any]]) -> None:
    def construct(scene: Any) -> None:
        for k in range(12):
            scene.add(Text(f"number {k}").shift(0.01 * k * UP))
        scene.wait()

    play(construct)
    assert len(told) == 30


def test_a_text_that_another_turns_into_is_no_overlap(told: list[dict[str, Any]]) -> None:
    def construct(scene: Any) -> None:
        one, two = Text("first line"), Text("second line")
        scene.play(Write(one), run_time=2)
        scene.play(ReplacementTransform(one, two), run_time=2)
        scene.play(FadeOut(two), run_time=2)

    play(construct, skip=False)
    assert told == []


def test_a_text_that_stays_on_another_while_it_moves_is_told(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_SHARE_WITHIN", 10.0)

    def construct(scene: Any) -> None:
        still = VGroup(*(Text("wall") for _ in range(8))).arrange(DOWN, buff=0.02)
        moving = Text("a").shift(3 * UP)
        scene.add(still, moving)
        scene.play(moving.animate.shift(6 * DOWN), run_time=8, rate_func=lambda t: t)

    play(construct, skip=False)
    assert {finding["code"] for finding in told} == {"text-overlap"}


def test_a_moving_camera_takes_its_frame_along(told: list[dict[str, Any]]) -> None:
    def construct(scene: Any) -> None:
        text = Text("aside").shift(6.9 * RIGHT)
        scene.camera.frame.shift(4 * RIGHT)
        scene.add(text)
        scene.wait()

    play(construct, MovingCameraScene, MovingCamera)
    assert told == []


def test_three_dimensions_are_left_alone(told: list[dict[str, Any]]) -> None:
    play(overlapping, ThreeDScene, ThreeDCamera)
    assert told == []
