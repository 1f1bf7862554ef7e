"""Every test here runs with MathJax in the place of LaTeX."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub, which manim imports, has escapes that Python deprecates
    from botcore_manim.typeset import install


@pytest.fixture(scope="session", autouse=True)
def _mathjax() -> None:
    install()
