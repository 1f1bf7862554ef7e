"""Entry point ``manim``: what this distribution offers. Manim itself is imported inside the sandbox alone."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from botcore.hooks.descriptors import (
    Check,
    CheckResult,
    PluginContext,
    RendererDescriptor,
    ValidatorDescriptor,
)
from botcore.hooks.specs import Registry, hookimpl
from botcore.model import GenerationRequest, Prompt, Source
from botcore.ports import Renderer
from botcore_manim.detect import detect
from botcore_manim.settings import ManimConfig
from botcore_manim.validators.descriptors import validators

LANGUAGE = "manim"


def _renderer(config: ManimConfig, context: PluginContext) -> AbstractAsyncContextManager[Renderer]:
    from botcore_manim.renderer import manim_renderer

    return manim_renderer(config, context)


def _prompt(request: GenerationRequest) -> Prompt:
    from botcore_manim.prompt import write_prompt

    return write_prompt(request)


def _plainer(source: Source) -> Source | None:
    from botcore_manim.prompt.outline import plainer

    return plainer(source)


def _change(source: Source, wish: str) -> Source | None:
    from botcore_manim.wishes import changed

    return changed(source, wish)


def _check(config: ManimConfig, context: PluginContext) -> list[CheckResult]:
    from botcore_manim.checks import check_machine

    return check_machine(config, context)


@hookimpl
def botcore_register_renderers(registry: Registry[RendererDescriptor]) -> None:
    """The renderer ``manim``."""
    registry.add(
        RendererDescriptor(
            name="manim",
            factory=_renderer,
            config=ManimConfig,
            summary="draws Manim scenes in a sandbox",
            language=LANGUAGE,
            title="Manim",
            suffix=".py",
            detect=detect,
            prompt=_prompt,
            plainer=_plainer,
            change=_change,
        )
    )


@hookimpl
def botcore_register_validators(registry: Registry[ValidatorDescriptor]) -> None:
    """What can be said of a source without running it."""
    for descriptor in validators(LANGUAGE):
        registry.add(descriptor)


@hookimpl
def botcore_register_checks(registry: Registry[Check]) -> None:
    """System libraries, fonts, and the walls of the sandbox one by one."""
    registry.add(Check(name="manim", run=_check))
