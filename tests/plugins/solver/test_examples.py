"""The examples that people are shown can be solved, in every language."""

from __future__ import annotations

import pytest
from botcore_solver.solve import understand

from botcore.intake.commands.greeting import EXAMPLES
from botcore.languages import LANGUAGES, text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_example_is_understood(language: str) -> None:
    read_by = [understand(text(language, example)).by for example in EXAMPLES]
    assert len(set(read_by)) == len(EXAMPLES)
