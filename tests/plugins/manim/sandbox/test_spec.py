"""The spec of a job on its way into the sandbox."""

from __future__ import annotations

import pytest
from botcore_manim.spec import JobSpec
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Aspect, Format, Quality, RenderOptions


@given(
    st.sampled_from(Quality),
    st.sampled_from(Aspect),
    st.sampled_from(Format),
    st.text() | st.none(),
    st.integers(1),
)
def test_a_spec_arrives_as_it_was_sent(
    quality: Quality, aspect: Aspect, picture: Format, scene: str | None, max_bytes: int
) -> None:
    spec = JobSpec.of(RenderOptions(quality, aspect, picture), scene, max_bytes)
    assert "\n" not in spec.to_json()
    assert JobSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("quality", "aspect", "size"),
    [
        (Quality.LOW, Aspect.WIDE, (854, 480, 15)),
        (Quality.MEDIUM, Aspect.WIDE, (1280, 720, 30)),
        (Quality.HIGH, Aspect.WIDE, (1920, 1080, 60)),
        (Quality.MEDIUM, Aspect.TALL, (720, 1280, 30)),
        (Quality.LOW, Aspect.SQUARE, (480, 480, 15)),
    ],
)
def test_sizes(quality: Quality, aspect: Aspect, size: tuple[int, int, int]) -> None:
    spec = JobSpec.of(RenderOptions(quality, aspect), None, 1)
    assert (spec.width, spec.height, spec.fps) == size
    assert min(spec.frame_width, spec.frame_height) == 8
    assert spec.frame_width / spec.frame_height == pytest.approx(spec.width / spec.height)


def test_the_scene_that_the_person_asked_for_wins() -> None:
    assert JobSpec.of(RenderOptions(scene="Mine"), "Theirs", 1).scene == "Mine"
    assert JobSpec.of(RenderOptions(), "Theirs", 1).scene == "Theirs"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"width": 1}', '{"width":-1,"height":1,"fps":1}', "null", "1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # json's own errors are ValueErrors as well
        JobSpec.from_json(text)
