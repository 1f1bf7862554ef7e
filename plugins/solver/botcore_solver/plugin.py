"""Entry point ``solver``: what this distribution offers. SymPy is imported in a worker process alone."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from botcore.hooks.descriptors import PluginContext, ProviderDescriptor, ValidatorDescriptor
from botcore.hooks.specs import Registry, hookimpl
from botcore.ports import Provider, Validator
from botcore_solver.cli import solve
from botcore_solver.settings import SolverConfig

LANGUAGE = "manim"


def _provider(config: SolverConfig, _context: PluginContext) -> AbstractAsyncContextManager[Provider]:
    from botcore_solver.provider import solver_provider

    return solver_provider(config)


def _validator(config: SolverConfig, _context: PluginContext) -> AbstractAsyncContextManager[Validator]:
    from botcore_solver.checking.validator import answer_validator

    return answer_validator(config)


def _recognises(text: str) -> bool:
    from botcore_solver.provider import recognises

    return recognises(text)


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """The provider ``solver``."""
    registry.add(
        ProviderDescriptor(
            name="solver",
            factory=_provider,
            config=SolverConfig,
            summary="solves exactly, by SymPy; no key, no network",
            languages=(LANGUAGE,),
            priority=100,
            exact=True,
            recognises=_recognises,
        )
    )


@hookimpl
def botcore_register_validators(registry: Registry[ValidatorDescriptor]) -> None:
    """The validator ``answer``."""
    registry.add(
        ValidatorDescriptor(
            name="answer",
            factory=_validator,
            config=SolverConfig,
            summary="is the stated answer the exact one",
            languages=(LANGUAGE,),
        )
    )


@hookimpl
def botcore_register_cli(registry: Registry[Any]) -> None:
    """``botcore solve``."""
    registry.add(solve)
