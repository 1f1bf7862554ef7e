"""The validators as the plugin registers them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from botcore.hooks.descriptors import PluginContext, ValidatorDescriptor
from botcore.ports import Validator


def validators(language: str) -> tuple[ValidatorDescriptor, ...]:
    """One descriptor each for syntax, scene, imports and use of Manim of sources in ``language``."""
    return (
        ValidatorDescriptor(name="syntax", factory=_syntax, languages=(language,), summary="is it Python"),
        ValidatorDescriptor(
            name="scene", factory=_scene, languages=(language,), summary="is there a scene to draw"
        ),
        ValidatorDescriptor(
            name="imports", factory=_imports, languages=(language,), summary="what will not work"
        ),
        ValidatorDescriptor(
            name="api", factory=_api, languages=(language,), summary="is Manim used as it is installed"
        ),
    )


@asynccontextmanager
async def _syntax(_config: Any, _context: PluginContext) -> AsyncIterator[Validator]:
    from botcore_manim.validators.syntax import SyntaxValidator

    yield SyntaxValidator()


@asynccontextmanager
async def _scene(_config: Any, _context: PluginContext) -> AsyncIterator[Validator]:
    from botcore_manim.validators.scenes import SceneValidator

    yield SceneValidator()


@asynccontextmanager
async def _imports(_config: Any, _context: PluginContext) -> AsyncIterator[Validator]:
    from botcore_manim.validators.imports import ImportValidator

    yield ImportValidator()


@asynccontextmanager
async def _api(_config: Any, context: PluginContext) -> AsyncIterator[Validator]:
    from botcore_manim.validators.api import ApiValidator

    yield ApiValidator(context.data_dir)
