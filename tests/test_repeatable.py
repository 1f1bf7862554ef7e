"""What `make test` promises of itself: no draw decides whether it passes."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

REPEATABLE = settings(settings.get_profile("repeatable"), max_examples=400)
ODD = (
    7_919_000_003  # a bound that no other test has: Hypothesis keeps the constants it found, by their bounds
)


def drawn() -> list[tuple[int, str]]:
    seen: list[tuple[int, str]] = []

    @REPEATABLE
    @given(st.integers(-ODD, ODD), st.text(max_size=77))
    def draw(number: int, text: str) -> None:
        seen.append((number, text))

    draw()
    return seen


def test_examples_do_not_change_with_the_modules_that_earlier_tests_have_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = drawn()
    path = tmp_path / "loaded_meanwhile.py"
    path.write_text(f"NUMBERS = {list(range(10_000, 10_200))}\nTEXTS = {[f'text {n}' for n in range(200)]}\n")
    spec = spec_from_file_location("loaded_meanwhile", path)
    assert spec is not None
    monkeypatch.setitem(sys.modules, "loaded_meanwhile", module_from_spec(spec))
    assert drawn() == before
