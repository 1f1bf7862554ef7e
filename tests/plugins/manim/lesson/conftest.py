"""Every test here runs with MathJax in the place of LaTeX."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub, which manim imports, has escapes that Python deprecates
    from botcore_manim.typeset import install

from tests.plugins.manim.lesson.dry import SHAPES, in_shape


@pytest.fixture(scope="session", autouse=True)
def _mathjax() -> None:
    install()


@pytest.fixture(params=list(SHAPES))
def shape(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each shape of frame in turn, as Manim's config."""
    with in_shape(request.param):
        yield request.param
