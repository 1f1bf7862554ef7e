"""Names of the installed Manim for an editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from botcore_manim.api import ApiIndex, load_index
from botcore_manim.completing import complete

from botcore.model import Completion


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture
async def index(folder: Path) -> ApiIndex:
    found = await load_index(folder)
    assert found is not None
    return found


def names(found: list[Completion]) -> list[str]:
    return [item.name for item in found]


async def test_a_class_comes_with_its_call_and_a_line(index: ApiIndex) -> None:
    (circle,) = [item for item in complete(index, "circ", 50) if item.name == "Circle"]
    assert circle.kind == "class"
    assert circle.signature.startswith("Circle(")
    assert "radius" in circle.signature
    assert "\n" not in circle.doc
    assert circle.doc


async def test_members_follow_a_class_and_self(index: ApiIndex) -> None:
    assert "set_color" in names(complete(index, "Circle.set_", 500))
    (play,) = [item for item in complete(index, "self.pla", 50) if item.name == "play"]
    assert (play.kind, play.signature.startswith("play(")) == ("method", True)


async def test_names_are_bounded_sorted_and_public(index: ApiIndex) -> None:
    found = names(complete(index, "", 40))
    assert len(found) == 40
    assert found == sorted(found, key=str.casefold)
    assert not any(name.startswith("_") for name in names(complete(index, "Scene.", 500)))


@pytest.mark.parametrize("prefix", ["Nobody.", "zzzz", "Circle.set_color.", "a.b.c.", "..", "é"])
async def test_what_nobody_knows_has_no_names(index: ApiIndex, prefix: str) -> None:
    assert complete(index, prefix, 10) == []
