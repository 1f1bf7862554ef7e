"""``botcore solve``: one JSON object, an exit code, and no SymPy where none is needed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import typer
from botcore_solver.cli import solve
from typer.testing import CliRunner

APP = typer.Typer()
APP.command()(solve)
KEYS = {"status", "kind", "answer", "answer_text", "steps"}


def _run(*arguments: str) -> tuple[int, Any]:
    result = CliRunner().invoke(APP, [*arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize(
    ("text", "code", "status", "answer"),
    [
        ("solve 2x + 3y = 7 and 4x - y = 0", 0, "answered", "[1/2, 2]"),
        ("x + 1 = x", 0, "no_solution", "EmptySet"),
        ("x = x", 0, "all_reals", "Reals"),
        ("1/0", 0, "undefined", None),
        ("why?", 1, "abstained", None),
    ],
)
def test_the_object_has_its_shape_in_every_status(
    text: str, code: int, status: str, answer: str | None
) -> None:
    exit_code, answered = _run(text)
    assert exit_code == code
    assert set(answered) == KEYS
    assert (answered["status"], answered["answer"]) == (status, answer)
    assert answered["answer_text"]
    assert all(set(step) == {"tex", "why"} for step in answered["steps"])
    assert bool(answered["steps"]) == (status != "abstained")


def test_the_plain_output_ends_with_the_answer() -> None:
    result = CliRunner().invoke(APP, ["solve x^2 = 4"])
    assert result.stdout.rstrip().endswith("x = −2 or x = 2")


@pytest.mark.parametrize(
    ("arguments", "answer_text", "why"),
    [
        (["x^2 - 5x + 6 = 0"], "x = 2 or x = 3", "Solve both small equations."),
        (
            ["x^2 - 5x + 6 = 0", "--language", "pt-BR"],
            "x = 2 ou x = 3",
            "Resolvemos as duas equações simples.",
        ),
        (["реши x^2 - 5x + 6 = 0"], "x = 2 или x = 3", "Решим оба простых уравнения."),
    ],
)
def test_words_follow_the_language_and_the_answer_does_not(
    arguments: list[str], answer_text: str, why: str
) -> None:
    _, answered = _run(*arguments)
    assert (answered["answer"], answered["answer_text"]) == ("{2, 3}", answer_text)
    assert answered["steps"][-1]["why"] == why


def test_advice_follows_the_language() -> None:
    _, answered = _run("x^3 = 8", "--language", "es")
    assert answered["answer_text"].startswith("Por ahora resuelvo")
