"""What the settings, and people, call the parts."""

from __future__ import annotations

from collections.abc import Iterable

from botcore.config import Settings
from botcore.errors import ConfigError
from botcore.intake.submission import only_renderer, unknown
from botcore.plugins import Outcome, PluginHost

WEB = "web"
"""The platform of the HTTP API, which lives in the core and has no adapter."""


def check_parts(settings: Settings, host: PluginHost) -> str:
    """Check what the settings name; the name of the renderer that draws problems."""
    for name in settings.providers:
        require("provider", name, host.providers, host)
    if settings.renderer:
        require("renderer", settings.renderer, host.renderers, host)
        return settings.renderer
    return only_renderer(host.renderers).name


def require(kind: str, name: str, known: Iterable[str], host: PluginHost) -> None:
    """Make sure that what the settings name is there.

    :raises ConfigError: a plugin of that name is installed, and not set up.
    :raises UnknownPlugin: nothing of that name is installed.
    """
    if name in known:
        return
    for record in host.records:
        if record.name == name and record.outcome is Outcome.DISABLED:
            raise ConfigError(f"the {kind} “{name}” is {record.reason}")
    raise unknown(kind, name, known)


def platform_title(host: PluginHost, name: str) -> str:
    """What people call a platform."""
    if name == WEB:
        return "Web"
    adapter = host.adapters.get(name)
    return adapter.title if adapter is not None and adapter.title else name.capitalize()
