"""Whoever sits at a terminal is the operator: an error that sends for one says what to look at."""

from __future__ import annotations

import pytest

from botcore.cli.output import failure_lines
from botcore.errors import (
    BotcoreError,
    ProviderAbstained,
    RendererUnavailable,
    SceneFailed,
    StoreFull,
    StoreMisconfigured,
)
from botcore.model import Failure


@pytest.mark.parametrize("error", [BotcoreError, StoreFull, StoreMisconfigured, RendererUnavailable])
def test_trouble_of_the_machine_points_to_the_doctor(error: type[BotcoreError]) -> None:
    (line,) = failure_lines(Failure(error.code), models=False)
    assert "botcore doctor" in line


def test_what_only_a_language_model_could_answer_says_that_there_is_none() -> None:
    failure = Failure(ProviderAbstained.code, {"advice": "I know sums only."})
    (line,) = failure_lines(failure, models=False)
    assert "docs/providers.md" in line
    assert failure_lines(failure, models=True) == []


def test_the_persons_own_mistakes_are_nobody_elses_business() -> None:
    assert failure_lines(Failure(SceneFailed.code, {"line": 1, "problem": "x"}), models=False) == []
