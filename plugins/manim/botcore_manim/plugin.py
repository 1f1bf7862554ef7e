"""Entry point ``manim``: what this distribution offers. Manim itself is imported inside the sandbox alone."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from botcore.hooks.descriptors import Check, CheckResult, PluginContext, RendererDescriptor
from botcore.hooks.specs import Registry, hookimpl
from botcore.ports import Renderer
from botcore_manim.settings import ManimConfig

LANGUAGE = "manim"


def _renderer(config: ManimConfig, context: PluginContext) -> AbstractAsyncContextManager[Renderer]:
    from botcore_manim.renderer import manim_renderer

    return manim_renderer(config, context)


def _detect(text: str) -> str | None:
    from botcore_manim.detect import detect

    return detect(text)


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
            detect=_detect,
        )
    )


@hookimpl
def botcore_register_checks(registry: Registry[Check]) -> None:
    """System libraries, fonts, and the walls of the sandbox one by one."""
    registry.add(Check(name="manim", run=_check))
