"""The solver keeps the contract of a provider."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from botcore_solver.plugin import botcore_register_providers

from botcore.errors import ProviderAbstained
from botcore.model import GenerationRequest, RenderOptions
from botcore.testing.contracts import ProviderContract


class _Taken(list):  # type: ignore[type-arg]  # a registry that keeps what it gets
    add = list.append


_TAKEN = _Taken()
botcore_register_providers(_TAKEN)


class TestSolver(ProviderContract):
    descriptor = _TAKEN[0]
    problems = ("solve x^2 - 5x + 6 = 0", "integrate x^2 from 0 to 2")
    foreign = ("who was Gauss?", "x^5 - x - 1 = 0")

    async def test_the_source_states_its_checked_answer(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            source = (await self._generate(provider, self.problems[0])).source
        assert (source.answer, source.checked, source.scene) == ("{2, 3}", True, "Answer")

    async def test_it_speaks_the_students_language(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            solved = await provider.generate(_request("x^2 - 5x + 6 = 0", "ar"))
            with pytest.raises(ProviderAbstained) as refused:
                await provider.generate(_request("x^2 - 5x + = 0", "ar"))
        assert "حل المعادلة" in solved.source.code
        assert "الصيغة تنقطع" in refused.value.params["advice"]


def _request(problem: str, language: str) -> GenerationRequest:
    return GenerationRequest(problem, "manim", language, RenderOptions(), deadline=20.0)


def test_loading_and_recognising_do_not_import_sympy() -> None:
    code = (
        "import sys, botcore_solver.plugin as p\n"
        "from botcore_solver.provider import recognises\n"
        "assert recognises('solve x^2 = 4') and not recognises('who are you?')\n"
        "assert 'sympy.core' not in sys.modules and 'mpmath.ctx_mp' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
