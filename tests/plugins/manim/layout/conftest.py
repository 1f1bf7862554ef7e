"""Every test here runs with MathJax in the place of LaTeX, and looks at scenes without drawing them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub, which manim imports, has escapes that Python deprecates
    from botcore_manim.typeset import install

from tests.plugins.manim.lesson.dry import in_shape


@pytest.fixture(scope="session", autouse=True)
def _mathjax() -> None:
    install()


@pytest.fixture(autouse=True)
def _wide() -> Iterator[None]:
    with in_shape("wide"):
        yield
