"""Manim's own documentation renders: what its readers will try first."""

from __future__ import annotations

import ast
import asyncio

import pytest

from tests.plugins.manim.docstrings.corpus import examples
from tests.plugins.manim.docstrings.rendering import Outcome, render_all
from tests.plugins.manim.docstrings.unrenderable import UNRENDERABLE

_WANTED = 0.95


def test_the_corpus_is_the_whole_documentation() -> None:
    found = examples()
    assert len(found) > 380
    assert len({example.name for example in found}) == len(found)
    assert sum(example.asset for example in found) < 5


def test_every_example_is_a_program_with_its_scene() -> None:
    for example in examples():
        classes = [node.name for node in ast.walk(ast.parse(example.code)) if isinstance(node, ast.ClassDef)]
        assert example.scene in classes, example.name


def test_every_exception_is_an_example_and_has_a_reason() -> None:
    assert set(UNRENDERABLE) <= {example.name for example in examples()}
    assert all(UNRENDERABLE.values())


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_every_example_gives_a_video_but_the_explained_ones() -> None:
    chosen = [example for example in examples() if not example.asset]
    outcomes: dict[str, Outcome] = {}
    async with asyncio.timeout(3500):
        async for outcome in render_all(chosen):
            outcomes[outcome.name] = outcome
    failed = {name: outcome.problem for name, outcome in outcomes.items() if outcome.code != "ok"}
    assert {name: problem for name, problem in failed.items() if name not in UNRENDERABLE} == {}
    assert set(UNRENDERABLE) - set(failed) == set(), "these render now: take them off the list"
    assert 1 - len(failed) / len(chosen) >= _WANTED
